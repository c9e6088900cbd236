/// A parameter of a function, or a key of a table.
public struct Parameter: Sendable {
    /// Its name.
    public let name: String
    /// What it can be.
    public let type: ParameterType
    /// Whether it can be left out or be nil.
    public let isOptional: Bool
    /// One sentence about it.
    public let doc: String

    /// Declares a parameter.
    public init(
        _ name: String,
        _ type: ParameterType,
        optional: Bool = false,
        doc: String = ""
    ) {
        self.name = name
        self.type = type
        isOptional = optional
        self.doc = doc
    }
}
