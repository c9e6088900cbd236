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
    /// What a number has to be within.
    var range: ClosedRange<Double>?

    /// Whether it is the function of a bracket, which the worker keeps to itself.
    var isFunction: Bool { if case .function = type { true } else { false } }

    /// Declares a parameter.
    public init(
        _ name: String,
        _ type: ParameterType,
        optional: Bool = false,
        within range: ClosedRange<Double>? = nil,
        doc: String = ""
    ) {
        self.range = range
        self.name = name
        self.type = type
        isOptional = optional
        self.doc = doc
    }
}
