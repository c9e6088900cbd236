import GeuseRuntime

/// The frames of one run, and the rules that both sides have to keep.
struct Conversation {
    /// The last errors that were sent to the script.
    private(set) var raised = RaisedErrors()
    /// Where the script was when it was heard of last.
    private(set) var lastPlace: ScriptPlace?
    /// Whether the kernel filters the worker's system calls.
    private(set) var isFiltered = false
    private let channel: FrameChannel
    private let modules: [ModuleSignature]
    private let functions: [String: FunctionSignature]
    private var time: OwnTime
    private var openBrackets: [String] = []
    private var callsLeft: Int
    private var bytesLeft: Int

    init(
        channel: FrameChannel,
        modules: [ModuleSignature],
        time: OwnTime,
        limits: ScriptLimits
    ) {
        callsLeft = limits.calls
        bytesLeft = limits.sent
        self.channel = channel
        self.modules = modules
        self.time = time
        functions = Dictionary(
            modules.flatMap { module in
                module.functions.map { (module.fullName(of: $0), $0) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Tells the worker what to run.
    mutating func start(_ script: ScriptSource, compileOnly: Bool, seed: (Int64, Int64)) throws {
        let parts: [ScriptValue] = [
            .list(modules.map(\.value)), .int(seed.0), .int(seed.1), .int(compileOnly ? 1 : 0),
        ]
        try send(.start, .list(script.value + parts))
        let (kind, value) = try receive()
        if kind == .failed { throw try ReportedFailure(frame: value) }
        guard kind == .ready, case .list(let facts) = value, facts.count == 2,
            facts[0] == .int(WireFormat.version)
        else { throw WireError("the worker did not begin with its version") }
        isFiltered = facts[1] == .bool(true)
    }

    /// Answers the worker until its script has ended.
    ///
    /// - Parameters:
    ///   - require: gives the source of a module.
    ///   - judge: holds a call against its declaration, in the script's own time: what is refused can be
    ///     tried again without end.
    ///   - handler: carries out what was judged, in the core's time.
    /// - Throws: what ended the script: `ReportedFailure`, `OwnTime.UsedUp`, `AbortScript`, a broken rule.
    mutating func serve<Judged>(
        require: (String) throws -> ScriptSource,
        judge: (ScriptCall) throws -> Judged,
        handler: (Judged) throws -> ScriptValue
    ) throws {
        while true {
            let (kind, value) = try receive()
            switch kind {
            case .call:
                let call = try checked(ScriptCall(frame: value))
                let judged = Result { try judge(call) }
                try time.stop()
                let reply = try answer(.returned, since: OwnTime.computed()) {
                    try handler(judged.get())
                }
                // A bracket that could not be begun, or is not to be, is not ended either.
                if call.phase == .begin, reply == nil || reply == .bool(false) {
                    openBrackets.removeLast()
                }
            case .require:
                let name = try moduleName(value)
                // No primitive: what reading a module takes is the script's own time.
                time.start()
                let known = modules
                _ = try answer(.source) {
                    guard ModuleName.accepts(name) else { throw ModuleName.invalid(name) }
                    do {
                        return .list(try require(name).value)
                    } catch let error as Diagnostic {
                        throw ModuleName.hinting(error, at: name, known)
                    }
                }
            case .done: return try end()
            case .failed: throw try ReportedFailure(frame: value)
            case .ready, .position, .start, .returned, .error, .source:
                throw WireError("a frame came that is not due")
            }
        }
    }

    /// What the worker says when it is asked where it is, if it says it soon.
    mutating func lastWords() -> (place: ScriptPlace?, traceback: String?)? {
        // A quarter of a second, whatever the clock says: the worker is about to be killed.
        var ticks = 25
        let frame = try? channel.receive {
            ticks -= 1
            guard ticks > 0 else { throw OwnTime.UsedUp() }
            return 10
        }
        guard let (kind, body) = frame, kind == WireFormat.FrameKind.position.rawValue,
            case .list(let parts)? = try? ValueDecoder.value(body), parts.count == 3
        else { return nil }
        return (ScriptPlace(parts[0], parts[1]), parts[2].lossyText)
    }

    private mutating func checked(_ call: ScriptCall) throws -> ScriptCall {
        lastPlace = call.place ?? lastPlace
        try countCall()
        guard let function = functions[call.function] else {
            throw WireError("a function was called that does not exist")
        }
        switch call.phase {
        case .call:
            guard !function.isBracket else { throw WireError("a bracket was called plainly") }
        case .begin:
            guard function.isBracket else { throw WireError("a plain function was begun") }
            openBrackets.append(call.function)
        case .end:
            guard openBrackets.popLast() == call.function else {
                throw WireError("a bracket ended that was not open")
            }
        }
        return call
    }

    private mutating func countCall() throws {
        callsLeft -= 1
        guard callsLeft >= 0 else { throw tooMuch("it called the core too often") }
    }

    private func tooMuch(_ what: String) -> AbortScript {
        AbortScript(
            Diagnostic(
                "too_many_calls",
                "The script was stopped: \(what).",
                detail: lastPlace.map { "It was last seen at \($0)." },
                hint: "Wait between two looks with geuse.sleep, and read what you need once."
            )
        )
    }

    private mutating func moduleName(_ value: ScriptValue) throws -> String {
        guard case .list(let parts) = value, parts.count == 3, let name = parts[0].lossyText else {
            throw WireError("a request for a module is malformed")
        }
        lastPlace = ScriptPlace(parts[1], parts[2]) ?? lastPlace
        try countCall()
        return name
    }

    /// Does the work and sends its result, which it returns, or the error that it ended in.
    ///
    /// What was computed since then for a call that was wrong is charged to the script.
    private mutating func answer(
        _ kind: WireFormat.FrameKind,
        since began: Double? = nil,
        _ work: () throws -> ScriptValue
    ) throws -> ScriptValue? {
        // The worker is to wait for the reply; one that goes on talking is not ours any more.
        guard !channel.hasUnreadBytes else { throw WireError("frames came while a call runs") }
        do {
            let value = try work()
            let reply = try ValueEncoder.frame(kind, value)
            guard !channel.hasUnreadBytes else { throw Unasked() }
            try send(reply)
            return value
        } catch is Unasked {
            throw WireError("frames came while a call runs")
        } catch let error as WireError {
            try refuse(Diagnostic("value_too_large", "The reply is too large: \(error.reason)."))
        } catch let error as Diagnostic where error.kind != .interrupted {
            if let began, error.kind == .usage { try time.charge(OwnTime.computed() - began) }
            try refuse(error)
        }
        return nil
    }

    private mutating func refuse(_ error: Diagnostic) throws {
        guard !channel.hasUnreadBytes else { throw WireError("frames came while a call runs") }
        // What a script gave may be in it; an error that no frame can carry would look like the worker's.
        let error = error.withinReason
        let id = raised.add(error)
        try send(.error, ErrorValue(error).table(id: id))
    }

    /// After the end only silence is allowed, and the worker leaves at once.
    private mutating func end() throws {
        guard openBrackets.isEmpty else { throw WireError("the script ended inside a bracket") }
        time.start()
        do {
            _ = try channel.receive(tick: time.tick)
        } catch FrameChannel.Interruption.closed {
            return
        }
        throw WireError("a frame came after the end")
    }

    private mutating func send(_ kind: WireFormat.FrameKind, _ value: ScriptValue) throws {
        try send(ValueEncoder.frame(kind, value))
    }

    private mutating func send(_ frame: [UInt8]) throws {
        time.start()
        do {
            try channel.send(frame, tick: time.tick)
        } catch FrameChannel.Interruption.closed {
            // A worker that is gone may have said why before; reading tells.
        }
    }

    private mutating func receive() throws -> (WireFormat.FrameKind, ScriptValue) {
        time.start()
        // Looked at with each frame: those that come without a wait would leave no time to stop.
        _ = try time.tick()
        let (kind, body) = try channel.receive(tick: time.tick)
        bytesLeft -= body.count
        guard bytesLeft >= 0 else { throw tooMuch("it sent the core more than it may") }
        // What a script makes the core read is its own time, too.
        let value = try ValueDecoder.value(body)
        guard let kind = WireFormat.FrameKind(rawValue: kind) else {
            throw WireError("unknown kind of frame")
        }
        // A call has to be judged yet.
        if kind != .call { try time.stop() }
        return (kind, value)
    }

    private struct Unasked: Error {}
}
