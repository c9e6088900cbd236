import GeuseRuntime
import Yams

/// Prints one document on stdout in the format asked for.
enum DocumentView {
    /// Whether it is written, or nobody reads any more.
    @discardableResult
    static func write(_ document: JSONValue, as format: OutputFormat) throws -> Bool {
        switch format {
        case .text: true
        case .json: StandardStreams.out(JSONWriter.write(document, .pretty) + "\n")
        case .yaml: StandardStreams.out(try Yams.serialize(node: node(document)))
        }
    }

    private static func node(_ value: JSONValue) -> Node {
        switch value {
        case .null: Node("null", Tag(.null))
        case .bool(let flag): Node(flag ? "true" : "false", Tag(.bool))
        case .number(let text):
            Node(text, Tag(text.contains(where: { ".eE".contains($0) }) ? .float : .int))
        case .string(let text): string(text)
        case .array(let elements): .sequence(.init(elements.map(node), Tag(.seq)))
        case .object(let object):
            .mapping(.init(object.members.map { (string($0.name), node($0.value)) }, Tag(.map)))
        }
    }

    /// Double quotes wherever a plain scalar could be read as something else.
    private static func string(_ text: String) -> Node {
        let isPlain =
            !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            && text.first?.isLetter == true
            && !text.contains(where: { ":#&*!|>'\"%@`,[]{}".contains($0) })
            && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(
                text.lowercased()
            )
        return .scalar(.init(text, Tag(.str), isPlain ? .any : .doubleQuoted))
    }
}
