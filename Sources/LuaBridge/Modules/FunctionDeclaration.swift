/// A function of the API, declared once: its signature, its doc and what it does.
///
/// `Context` is what the bodies work on, such as a session, so that a declaration can be a constant
/// and the manual can be printed without one.
public struct FunctionDeclaration<Context>: Sendable {
    /// What a plain function does.
    public typealias Body = @Sendable (Context, Arguments) throws -> ScriptValue
    /// What happens when the function given to a bracket has ended.
    public typealias EndBody = @Sendable (Context, BracketOutcome) throws -> Void

    enum Implementation: Sendable {
        case plain(Body)
        case bracket(begin: Body, end: EndBody)
    }

    /// Its signature.
    public let signature: FunctionSignature
    let implementation: Implementation
    /// Whether what it does is the script's own time: it works on what the script gave, and on nothing else.
    let isOwnTime: Bool

    /// Declares a function whose body is called with arguments that have been checked.
    public init(
        _ name: String,
        since: String,
        summary: String,
        doc: String = "",
        keyedByArgument: Bool = false,
        isOwnTime: Bool = false,
        parameters: [Parameter] = [],
        returns: FunctionSignature.Result? = nil,
        body: @escaping Body
    ) {
        signature = FunctionSignature(
            name: name,
            since: since,
            summary: summary,
            doc: doc,
            parameters: parameters,
            result: returns,
            isBracket: false,
            isKeyedByArgument: keyedByArgument
        )
        implementation = .plain(body)
        self.isOwnTime = isOwnTime
    }

    /// Declares a function whose last parameter is a function of the script.
    ///
    /// `begin` is called first; what it returns is given to the script's function. `end` is called
    /// when that has returned or failed, in any case. A failure of the script's function is raised
    /// again in the script, else one of `end`; in a contained bracket neither is.
    public init(
        bracket name: String,
        since: String,
        summary: String,
        doc: String = "",
        contained: Bool = false,
        parameters: [Parameter],
        returns: FunctionSignature.Result? = nil,
        begin: @escaping Body,
        end: @escaping EndBody
    ) {
        guard case .function? = parameters.last?.type else {
            preconditionFailure("the last parameter of the bracket \(name) is not a function")
        }
        signature = FunctionSignature(
            name: name,
            since: since,
            summary: summary,
            doc: doc,
            parameters: parameters,
            result: returns,
            isBracket: true,
            isContained: contained
        )
        implementation = .bracket(begin: begin, end: end)
        isOwnTime = false
    }
}

extension FunctionSignature.Result {
    /// A result of that type.
    public static func value(
        _ type: ParameterType,
        optional: Bool = false,
        doc: String = ""
    ) -> FunctionSignature.Result {
        FunctionSignature.Result(type: type, isOptional: optional, doc: doc)
    }
}
