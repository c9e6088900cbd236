/// An error as a value: what happened, in what state things are, and what to do next.
///
/// Every failure that can reach a user is one of these; `code` is stable and is what programs and
/// scripts compare, never the wording.
public struct Diagnostic: Error, Sendable, Equatable {
    /// What class of outcome the failure belongs to; it decides the exit code.
    public enum Kind: String, Sendable, Equatable {
        /// The command line or another input is wrong; nothing was touched.
        case usage
        /// A guard or a preflight check said no; nothing was touched.
        case refused
        /// Somebody else holds the lock.
        case locked
        /// The user answered no.
        case declined
        /// It was stopped by a signal.
        case interrupted
        /// It failed.
        case failed
        /// It failed and the stack is neither proven old nor proven new.
        case needsAttention
    }

    /// Stable identifier in snake_case, such as `unknown_deployment`.
    public let code: String
    /// One sentence: what happened.
    public private(set) var summary: String
    /// The state things are in now, or the evidence.
    public private(set) var detail: String?
    /// The exact next command or action.
    public private(set) var hint: String?
    /// The class of outcome.
    public private(set) var kind: Kind
    /// The step of an update in which it happened.
    public var step: String?
    /// What led to it, nearest first.
    public let causes: [Diagnostic]

    /// Makes a diagnostic; `cause` and the causes behind it are kept in order.
    public init(
        _ code: String,
        _ summary: String,
        detail: String? = nil,
        hint: String? = nil,
        kind: Kind = .failed,
        step: String? = nil,
        cause: Diagnostic? = nil
    ) {
        self.code = code
        self.summary = summary
        self.detail = detail
        self.hint = hint
        self.kind = kind
        self.step = step
        causes = cause.map { [$0] + $0.causes } ?? []
    }

    /// The same failure with a sentence more about the state things are in.
    public func adding(detail sentence: String) -> Diagnostic {
        var copy = self
        copy.detail = [detail, sentence].compactMap { $0 }.joined(separator: "\n")
        return copy
    }

    /// The same failure with its summary in other words.
    public func withSummary(_ summary: String) -> Diagnostic {
        var copy = self
        copy.summary = summary
        return copy
    }

    /// The same failure with another detail, for a layer that words it anew.
    func withDetail(_ detail: String) -> Diagnostic {
        var copy = self
        copy.detail = detail
        return copy
    }

    /// The same failure with another next step, for a layer that knows more about what can be done.
    public func withHint(_ hint: String) -> Diagnostic {
        var copy = self
        copy.hint = hint
        return copy
    }

    /// The same failure under another kind, for a layer that knows more about the consequences.
    public func withKind(_ kind: Kind) -> Diagnostic {
        var copy = self
        copy.kind = kind
        return copy
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The code and the summary, for logs of tests.
    public var description: String { "\(code): \(summary)\(detail.map { " (\($0))" } ?? "")" }
}
