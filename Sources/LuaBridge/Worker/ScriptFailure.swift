import GeuseRuntime

/// Why a script did not finish, and where it was.
public struct ScriptFailure: Error, Sendable, Equatable {
    /// What ended it.
    public enum Cause: Sendable, Equatable {
        /// An error of the script's own, or its syntax.
        case script
        /// An error of the core that the script did not catch.
        case core
        /// A call that ended the whole session.
        case aborted
        /// Its own time was used up.
        case timeout
        /// Its memory was used up.
        case memory
        /// The worker died.
        case crash
        /// The worker broke the rules of the frames.
        case protocolViolation
        /// A signal asked for the end.
        case interrupted
    }

    /// What ended it.
    public let cause: Cause
    /// The error itself: the core's own where it was one, else with a code that begins with
    /// `script_` or `worker_` or that the script chose.
    public let diagnostic: Diagnostic
    /// The line of the script, if known; of a script that was stopped, the last one known.
    public let place: ScriptPlace?
    /// The file of that line.
    public var file: String? { place?.file }
    /// Its number.
    public var line: Int? { place?.line }
    /// The calls that led there, innermost first, one a line.
    public let traceback: String?

    /// The error without its place, which stands in front of Lua's own texts, for who tells the place besides.
    var withoutPlace: Diagnostic {
        guard let place, diagnostic.summary.hasPrefix("\(place): ") else { return diagnostic }
        return diagnostic.withSummary(String(diagnostic.summary.dropFirst("\(place): ".count)))
    }

    init(
        _ cause: Cause,
        _ diagnostic: Diagnostic,
        at place: ScriptPlace? = nil,
        traceback: String? = nil
    ) {
        self.cause = cause
        self.diagnostic = diagnostic
        self.place = place
        self.traceback = traceback
    }
}

/// A line of a script.
public struct ScriptPlace: Sendable, Equatable, CustomStringConvertible {
    /// The name of the source.
    public let file: String
    /// The line, from 1.
    public let line: Int

    init?(_ file: ScriptValue, _ line: ScriptValue) {
        guard let file = file.lossyText, !file.isEmpty, let line = line.intValue, line > 0 else {
            return nil
        }
        self.file = file
        self.line = Int(line)
    }

    /// `file:line`.
    public var description: String { "\(VisibleText.filtered(file)):\(line)" }
}

/// Thrown by the body of a function to end the session: the worker is killed at once, so the script
/// can neither catch it nor clean up after it.
public struct AbortScript: Error, Sendable {
    /// Why.
    public let diagnostic: Diagnostic

    /// Ends the session for that reason.
    public init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}
