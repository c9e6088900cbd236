/// An element of an XML document as the Query services send them: text and children, no attributes.
struct XMLElement {
    /// The name without its namespace prefix.
    var name: String
    /// The text directly inside, white space included.
    var text = ""
    /// The elements directly inside, in order.
    var children: [XMLElement] = []

    /// The first child of that name.
    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The text of the element that a path of names leads to; nil when there is none.
    func string(_ path: String...) -> String? {
        var element: XMLElement? = self
        for name in path { element = element?[name] }
        return element?.text
    }

    /// The `item` elements of a list.
    func items(_ path: String...) -> [XMLElement] {
        var element: XMLElement? = self
        for name in path { element = element?[name] }
        return element?.children.filter { $0.name == "item" } ?? []
    }

    /// The first element of that name at any depth.
    func firstDescendant(_ name: String) -> XMLElement? {
        for child in children {
            if child.name == name { return child }
            if let found = child.firstDescendant(name) { return found }
        }
        return nil
    }
}

/// A reader for the XML of AWS replies.
///
/// It knows elements, text, CDATA, comments and the predefined and numeric entities of XML 1.0, and
/// refuses a document type declaration, so that nothing can be expanded or fetched. Foundation's
/// XMLParser would add 50 MB of ICU and libxml2 to a static binary and 2 ms to each start.
struct XMLReader {
    private static let maximumDepth = 64

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a document and gives its root element.
    static func parse(_ bytes: [UInt8]) throws -> XMLElement {
        var reader = XMLReader(bytes)
        try reader.skipMiscellany()
        guard reader.peek("<") else { throw reader.error("there is no root element") }
        let root = try reader.element(depth: 0)
        try reader.skipMiscellany()
        guard reader.position == bytes.count else { throw reader.error("text after the root") }
        return root
    }

    private func error(_ what: String) -> Diagnostic {
        Diagnostic(
            "invalid_xml",
            "The reply is not valid XML.",
            detail: "\(what) at byte \(position)"
        )
    }

    private func peek(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private mutating func take(_ text: String) -> Bool {
        guard peek(text) else { return false }
        position += text.utf8.count
        return true
    }

    /// Moves behind the next occurrence of a text and gives what is before it.
    private mutating func upTo(_ text: String) throws -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count {
            let end = position
            if take(text) { return bytes[start..<end] }
            position += 1
        }
        throw error("\(text) is missing")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    private mutating func skipMiscellany() throws {
        _ = take("\u{FEFF}")
        while true {
            skipSpace()
            if take("<?") {
                _ = try upTo("?>")
            } else if take("<!--") {
                _ = try upTo("-->")
            } else if peek("<!") {
                throw error("a document type declaration is refused")
            } else {
                return
            }
        }
    }

    private mutating func name() throws -> String {
        let start = position
        while position < bytes.count, !Self.isSpace(bytes[position]),
            !"<>/=&\"'".utf8.contains(bytes[position])
        { position += 1 }
        guard position > start,
            let name = String(validating: bytes[start..<position], as: UTF8.self)
        else { throw error("a name is missing") }
        return name.split(separator: ":").last.map(String.init) ?? name
    }

    private mutating func element(depth: Int) throws -> XMLElement {
        guard depth < Self.maximumDepth else { throw error("nesting is too deep") }
        guard take("<") else { throw error("an element is missing") }
        var element = XMLElement(name: try name())
        if try skipAttributes() { return element }
        var text: [UInt8] = []
        while true {
            if take("</") {
                guard try name() == element.name else { throw error("an end tag does not match") }
                skipSpace()
                guard take(">") else { throw error("an end tag does not end") }
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw error("invalid UTF-8")
                }
                element.text = valid
                return element
            } else if take("<![CDATA[") {
                text.append(contentsOf: try upTo("]]>"))
            } else if take("<!--") {
                _ = try upTo("-->")
            } else if take("<?") {
                _ = try upTo("?>")
            } else if peek("<") {
                element.children.append(try self.element(depth: depth + 1))
            } else if take("&") {
                text.append(contentsOf: try entity())
            } else if position < bytes.count {
                text.append(bytes[position])
                position += 1
            } else {
                throw error("\(element.name) does not end")
            }
        }
    }

    /// Reads the rest of a start tag; true when it is an empty element's.
    private mutating func skipAttributes() throws -> Bool {
        while true {
            skipSpace()
            if take("/>") { return true }
            if take(">") { return false }
            _ = try name()
            skipSpace()
            guard take("=") else { throw error("an attribute has no value") }
            skipSpace()
            if take("\"") {
                _ = try upTo("\"")
            } else if take("'") {
                _ = try upTo("'")
            } else {
                throw error("an attribute's value is not quoted")
            }
        }
    }

    private mutating func entity() throws -> String.UTF8View {
        let reference = String(decoding: try upTo(";").prefix(12), as: UTF8.self)
        switch reference {
        case "amp": return "&".utf8
        case "lt": return "<".utf8
        case "gt": return ">".utf8
        case "quot": return "\"".utf8
        case "apos": return "'".utf8
        default:
            let code =
                reference.hasPrefix("#x")
                ? UInt32(reference.dropFirst(2), radix: 16)
                : reference.hasPrefix("#") ? UInt32(reference.dropFirst()) : nil
            guard let scalar = code.flatMap(Unicode.Scalar.init) else {
                throw error("an unknown entity")
            }
            return String(Character(scalar)).utf8
        }
    }
}
