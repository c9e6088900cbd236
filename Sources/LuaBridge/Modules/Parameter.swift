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
    /// Why a member of a result may be missing: to read it then is the error `host_unreachable`, and no nil.
    var absence: String?
    /// What a number has to be within.
    var range: ClosedRange<Double>?
    /// Throws a `Diagnostic` for words that a list of text may not be.
    var rule: (@Sendable ([String]) throws -> Void)?

    /// Whether it is the function of a bracket, which the worker keeps to itself.
    var isFunction: Bool { if case .function = type { true } else { false } }

    /// Declares a parameter.
    public init(
        _ name: String,
        _ type: ParameterType,
        optional: Bool = false,
        within range: ClosedRange<Double>? = nil,
        absent absence: String? = nil,
        ruled rule: (@Sendable ([String]) throws -> Void)? = nil,
        doc: String = ""
    ) {
        self.absence = absence
        self.range = range
        self.rule = rule
        self.name = name
        self.type = type
        isOptional = optional
        self.doc = doc
    }
}
