/// Something that goes wrong in a simulated stack because somebody asked for it.
///
/// The text form is `KIND=VALUE`, then `@SUBJECT` where it is to hit one instance type only, then
/// `*TIMES`; without a number it lasts until it is cleared. A mount fault may end in `:now` or `:boot`.
public struct SandboxFault: Sendable, Equatable, CustomStringConvertible {
    /// Where it strikes.
    public enum Kind: String, Sendable, Equatable, CaseIterable {
        /// StartInstances.
        case start
        /// StopInstances.
        case stop
        /// ModifyInstanceAttribute.
        case modify
        /// A reservation of capacity: refused, or come to nothing.
        case reserve
        /// The Describe calls of EC2.
        case describe
        /// EC2's status checks; an instance that does not pass them does not boot either.
        case status
        /// Pulling an image.
        case pull
        /// The registry, when it is asked before a pull and at a pull.
        case registry
        /// `compose up`.
        case up
        /// The health of a service.
        case health
        /// A rotation of credentials.
        case rotate
        /// The EFS mount.
        case efs
        /// The services' data, while the instance is stopped.
        case data
        /// A dump of the services' data.
        case dump
        /// Putting data back from a dump, after it was begun.
        case restore
        /// The GPU, as containers that are started from then on see it.
        case gpu
        /// The mount target of the file system, as the control plane tells it.
        case target
        /// The agent on the host.
        case agent
        /// A command that a script has run.
        case exec
        /// SetDesiredCapacity, or the instances that should come of it.
        case scale
        /// The quota of vCPUs.
        case quota
        /// The reply of a host operation gets lost after the work was done.
        case reply
        /// The program is killed right after an operation was done.
        case kill
    }

    /// Where it strikes.
    public let kind: Kind
    /// What happens, such as an error code.
    public let value: String
    /// The instance type that it is limited to.
    public let subject: String?
    /// How often it still strikes; nil for ever.
    public internal(set) var remaining: Int?

    /// The text that makes it.
    public var description: String {
        "\(kind.rawValue)=\(value)" + (subject.map { "@\($0)" } ?? "")
            + (remaining.map { "*\($0)" } ?? "")
    }

    /// Reads the text form.
    ///
    /// - Parameter text: such as `start=InsufficientInstanceCapacity@m5.large*2`.
    /// - Throws: `Diagnostic` of kind usage that lists what is known.
    public init(_ text: String) throws {
        var rest = text[...]
        var times: Int?
        if let star = rest.lastIndex(of: "*") {
            guard let count = Int(rest[rest.index(after: star)...]), (1...1000).contains(count)
            else { throw Self.refusal(text, "A count is a number from 1 to 1000 after *.") }
            times = count
            rest = rest[..<star]
        }
        guard let equals = rest.firstIndex(of: "="),
            let kind = Kind(rawValue: String(rest[..<equals]))
        else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Self.refusal(text, "A fault is KIND=VALUE; the kinds are \(known).")
        }
        rest = rest[rest.index(after: equals)...]
        subject = try rest.firstIndex(of: "@").map { at in
            let name = String(rest[rest.index(after: at)...])
            let kinds: [Kind] = [.start, .modify, .reserve, .status, .health]
            guard kinds.contains(kind), InstanceType.accepts(name) else {
                throw Self.refusal(
                    text,
                    "Only start, modify, reserve, status and health take @ and an instance type."
                )
            }
            rest = rest[..<at]
            return name
        }
        guard SandboxFaultValues.accepts(kind, String(rest)) else {
            let known = SandboxFaultValues.known(kind).joined(separator: ", ")
            throw Self.refusal(text, "\(kind.rawValue) takes one of: \(known).")
        }
        self.kind = kind
        value = String(rest)
        remaining = times
    }

    private static func refusal(_ text: String, _ detail: String) -> Diagnostic {
        Diagnostic(
            "unknown_fault",
            "\(VisibleText.quoted(text)) is not a fault that the sandbox knows.",
            detail: detail,
            kind: .usage
        )
    }
}

extension SandboxFault: WorldValue {
    var worldJSON: JSONValue { .string(description) }
    init(worldJSON json: JSONValue) throws { try self.init(String(worldJSON: json)) }
}
