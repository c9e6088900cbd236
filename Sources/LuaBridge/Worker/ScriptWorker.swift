import GeuseRuntime

/// A process that runs one script.
///
/// Start it early, before credentials are read: the worker is a copy of this process as it is then.
/// Several can be started ahead; each runs one script, and is killed when its owner lets go of it.
/// The thread that starts it should be the one that lives longest: a worker started by the first
/// thread also dies with it, others see their socket close.
public final class ScriptWorker {
    /// What to do with a script.
    public enum Mode: Sendable {
        /// Run it.
        case run
        /// Only compile it, which finds errors of syntax.
        case compile
    }

    /// What the worker may use.
    public let limits: ScriptLimits
    /// Whether the kernel filters the system calls of the worker; known once it has run something.
    public private(set) var isFiltered: Bool?
    private let process: WorkerProcess?
    private let channel: FrameChannel
    private let clock: any Clock
    private var wasUsed = false

    /// Starts a worker.
    ///
    /// - Parameters:
    ///   - limits: what its script may use.
    ///   - clock: measures the script's own time; it has to run while the script does.
    /// - Throws: `Diagnostic` with code `worker_start_failed`.
    public init(limits: ScriptLimits = ScriptLimits(), clock: any Clock = SystemClock()) throws {
        let (process, socket) = try WorkerProcess.start(limits)
        self.limits = limits
        self.process = process
        self.clock = clock
        channel = FrameChannel(socket: socket)
    }

    /// Talks to whatever is behind a socket; for tests.
    init(socket: Int32, limits: ScriptLimits, clock: any Clock) {
        self.limits = limits
        self.clock = clock
        process = nil
        channel = FrameChannel(socket: socket)
    }

    /// The process id, for tests and `doctor`.
    public var processID: Int32? { process?.id }

    /// The most memory that the worker held, in bytes, what it shared with this process included;
    /// known once it has ended.
    public var peakMemory: Int? { process?.peakMemory }

    /// Runs a script to its end.
    ///
    /// Afterwards the worker is gone, whatever happened.
    ///
    /// - Parameters:
    ///   - script: the source.
    ///   - mode: whether to run it.
    ///   - modules: the functions that it can call.
    ///   - seed: what its random numbers come from.
    ///   - cancellation: looked at ten times a second while the script is at work.
    ///   - require: gives the source of a module; its name has been checked.
    ///   - handler: carries out a call. A `Diagnostic` that it throws becomes an error in the script;
    ///     `AbortScript`, and a diagnostic of kind interrupted, ends it.
    /// - Throws: `ScriptFailure`, always with a diagnostic.
    public func run(
        _ script: ScriptSource,
        mode: Mode = .run,
        modules: [ModuleSignature] = [],
        seed: (Int64, Int64) = (0, 0),
        cancellation: Cancellation = Cancellation(),
        require: (String) throws -> ScriptSource = noModules,
        handler: (ScriptCall) throws -> ScriptValue
    ) throws(ScriptFailure) {
        try run(
            script,
            mode: mode,
            modules: modules,
            seed: seed,
            cancellation: cancellation,
            require: require,
            judge: { $0 },
            handler: handler
        )
    }

    /// The same in two parts: calls are judged in the script's own time, and carried out in the core's.
    func run<Judged>(
        _ script: ScriptSource,
        mode: Mode,
        modules: [ModuleSignature],
        seed: (Int64, Int64),
        cancellation: Cancellation,
        require: (String) throws -> ScriptSource,
        judge: (ScriptCall) throws -> Judged,
        handler: (Judged) throws -> ScriptValue
    ) throws(ScriptFailure) {
        precondition(!wasUsed, "a worker runs one script")
        wasUsed = true
        defer { process?.kill() }
        var talk = Conversation(
            channel: channel,
            modules: modules,
            time: OwnTime(limit: limits.ownTime, clock: clock, cancellation: cancellation),
            limits: limits
        )
        do {
            try talk.start(script, compileOnly: mode == .compile, seed: seed)
            isFiltered = talk.isFiltered
            try talk.serve(require: require, judge: judge, handler: handler)
        } catch let error {
            throw failure(error, &talk)
        }
    }

    /// Refuses every module; for scripts that have no files beside them.
    public static func noModules(_ name: String) throws -> ScriptSource {
        throw Diagnostic("module_not_found", "There is no module \(VisibleText.quoted(name)).")
    }

    private func failure(_ error: any Error, _ talk: inout Conversation) -> ScriptFailure {
        let place = talk.lastPlace
        switch error {
        case let failure as ReportedFailure:
            return failure.failure(talk.raised, limits: limits, lastPlace: place)
        case is OwnTime.UsedUp:
            process?.askForPosition()
            let last = talk.lastWords()
            process?.kill()
            return .timeout(limits, at: last?.place ?? place, traceback: last?.traceback)
        case let error as WireError: return .violation(error, at: place)
        case FrameChannel.Interruption.malformed(let error): return .violation(error, at: place)
        case FrameChannel.Interruption.closed:
            process?.kill()
            return .crash(process?.end, at: place)
        case let abort as AbortScript:
            return ScriptFailure(.aborted, abort.diagnostic, at: place)
        case let stop as Diagnostic where stop.kind == .interrupted:
            return ScriptFailure(.interrupted, stop, at: place)
        default:
            let unknown = Diagnostic(
                "internal_error",
                "A call ended in an unexpected way.",
                detail: "\(error)"
            )
            return ScriptFailure(.aborted, unknown, at: place)
        }
    }
}
