/// A function of the API that a script calls.
public struct ScriptCall: Sendable, Equatable {
    /// At which point of a call the script is.
    public enum Phase: Sendable, Equatable {
        /// A plain function is called.
        case call
        /// The function given to a bracket is about to run.
        case begin
        /// It has ended.
        case end(BracketOutcome)
    }

    /// The full name, such as `geuse.resize`.
    public let function: String
    /// At which point.
    public let phase: Phase
    /// The values as they came: any number, of any type; empty at the end of a bracket.
    public let arguments: [ScriptValue]
    /// The line of the script.
    public let place: ScriptPlace?
}

/// How the function given to a bracket ended.
public struct BracketOutcome: Sendable, Equatable {
    /// Whether it returned.
    public let succeeded: Bool
    /// Else the error's code, if it had one.
    public let code: String?
    /// Else the error's message.
    public let message: String?
    /// Else the error's detail, if it had one.
    public let detail: String?
    /// Else the error's hint, if it had one.
    public let hint: String?
    /// Else the line that raised it, if known.
    public let place: ScriptPlace?

    /// Makes an outcome.
    public init(
        succeeded: Bool,
        code: String? = nil,
        message: String? = nil,
        detail: String? = nil,
        hint: String? = nil,
        place: ScriptPlace? = nil
    ) {
        self.succeeded = succeeded
        self.code = code
        self.message = message
        self.detail = detail
        self.hint = hint
        self.place = place
    }
}

extension ScriptCall {
    /// From the value of a CALL frame: `[phase, function, file, line, arguments]`.
    init(frame value: ScriptValue) throws {
        guard case .list(let parts) = value, parts.count == 5, case .int(let phase) = parts[0],
            case .string(let function) = parts[1], case .list(let arguments) = parts[4]
        else { throw WireError("a call is malformed") }
        self.function = function
        place = ScriptPlace(parts[2], parts[3])
        switch phase {
        case 0:
            self.phase = .call
            self.arguments = arguments
        case 1:
            self.phase = .begin
            self.arguments = arguments
        case 2:
            guard arguments.count == 5, case .bool(let fine) = arguments[0] else {
                throw WireError("the end of a bracket is malformed")
            }
            self.phase = .end(
                BracketOutcome(
                    succeeded: fine,
                    code: arguments[1].lossyText,
                    message: arguments[2].lossyText,
                    detail: arguments[3].lossyText,
                    hint: arguments[4].lossyText,
                    place: fine ? nil : place
                )
            )
            self.arguments = []
        default: throw WireError("unknown phase of a call")
        }
    }
}
