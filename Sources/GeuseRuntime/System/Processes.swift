/// Runs other programs.
///
/// `LiveProcesses` implements it, and the doubles of tests.
public protocol ProcessRunner: AnyObject {
    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - command: what to run and within which limits.
    ///   - cancellation: ends it early.
    /// - Returns: how it ended and what it printed.
    /// - Throws: `Diagnostic` with code `process_not_started`, or `interrupted` when cancelled.
    func run(_ command: ProcessCommand, _ cancellation: Cancellation) throws -> ProcessResult
}

/// A program to run, without a shell in between.
public struct ProcessCommand: Sendable, Equatable {
    /// Absolute path of the program.
    public var path: String
    /// Its arguments, without its name.
    public var arguments: [String]
    /// All of its environment.
    public var environment: [String: String]
    /// What it reads on standard input.
    public var input: [UInt8]
    /// Seconds after which it is ended, with all processes of its group.
    public var timeout: Double
    /// Bytes kept of standard output and of standard error; more is read and dropped.
    public var outputLimit: Int
    /// Requests to cancel that it takes to end it; two for what had better end by itself.
    public var patience: Int

    /// Makes the command.
    public init(
        path: String,
        arguments: [String],
        environment: [String: String] = [:],
        input: [UInt8] = [],
        timeout: Double,
        outputLimit: Int = 4 << 20,
        patience: Int = 1
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.timeout = timeout
        self.outputLimit = outputLimit
        self.patience = patience
    }
}

/// How a program ended.
public struct ProcessResult: Sendable, Equatable {
    /// The ways to end.
    public enum End: Sendable, Equatable {
        /// By itself, with this status.
        case exited(Int)
        /// By this signal.
        case signalled(Int)
        /// By its time limit.
        case timedOut
    }

    /// How it ended.
    public var end: End
    /// Standard output.
    public var output: [UInt8]
    /// Standard error.
    public var errors: [UInt8]
    /// Whether something was printed beyond the limit.
    public var isTruncated: Bool

    /// Makes the value.
    public init(end: End, output: [UInt8], errors: [UInt8], isTruncated: Bool = false) {
        self.end = end
        self.output = output
        self.errors = errors
        self.isTruncated = isTruncated
    }
}
