/// What a script, a manual and an editor know of a function.
public struct FunctionSignature: Sendable {
    /// What a function gives back.
    public struct Result: Sendable {
        /// Its type.
        public let type: ParameterType
        /// Whether it can be nil.
        public let isOptional: Bool
        /// One sentence about it.
        public let doc: String
    }

    /// Its name within the module.
    public let name: String
    /// The version of the program that had it first.
    public let since: String
    /// One sentence.
    public let summary: String
    /// More, in Markdown.
    public let doc: String
    /// What it takes, in order.
    public let parameters: [Parameter]
    /// What it gives back, if anything.
    public let result: Result?
    /// Whether its last parameter is a function that runs inside it.
    public let isBracket: Bool
    /// Whether an error inside the bracket ends there, known to the core, instead of being raised again.
    public var isContained = false
    /// Whether reading a name from the result that the first argument does not have is an error.
    public var isKeyedByArgument = false

    /// `resize(type, options?)`.
    public var synopsis: String {
        let names = parameters.map { $0.isOptional ? $0.name + "?" : $0.name }
        return "\(name)(\(names.joined(separator: ", ")))"
    }
}

/// The functions that a script finds under one name.
public struct ModuleSignature: Sendable {
    /// The global that holds them; nil if they are globals themselves.
    public let name: String?
    /// One sentence.
    public let summary: String
    /// What it holds, in the order declared.
    public let functions: [FunctionSignature]

    /// The name by which a script calls a function.
    public func fullName(of function: FunctionSignature) -> String {
        name.map { "\($0).\(function.name)" } ?? function.name
    }

    /// What the worker has to know.
    var value: ScriptValue {
        var map = ScriptMap()
        map["name"] = name.map(ScriptValue.string)
        map["functions"] = .list(
            functions.map {
                [
                    "name": .string($0.name), "bracket": .bool($0.isBracket),
                    "contained": .bool($0.isContained), "keyed": .bool($0.isKeyedByArgument),
                    "shape": $0.result?.type.shape ?? .nil,
                ]
            }
        )
        return .map(map)
    }
}
