/// Functions under one name, such as `geuse`.
public struct Module<Context>: Sendable {
    /// The global that holds them; nil makes the functions globals themselves.
    public let name: String?
    /// One sentence.
    public let summary: String
    /// The functions, in the order of the manual.
    public let functions: [FunctionDeclaration<Context>]

    /// Declares a module.
    public init(_ name: String?, summary: String, functions: [FunctionDeclaration<Context>]) {
        self.name = name
        self.summary = summary
        self.functions = functions
    }

    /// What a script, a manual and an editor know of it.
    public var signature: ModuleSignature {
        ModuleSignature(name: name, summary: summary, functions: functions.map(\.signature))
    }
}
