/// Does what a confirmed plan says, and nothing else.
///
/// Every primitive goes the same way: it must be the plan's next step, a backup must exist, the intent
/// is in the journal before the effect and the outcome after it. After a failure every further change
/// is refused, whatever a script does with the error; what was begun is undone by `compensate`.
public final class Session: Primitives {
    let target: StackTarget
    let edges: SessionEdges
    let tagLists: TagLists
    var settings: SessionSettings
    var plan: Plan
    /// The run's id.
    public let run: RunID
    /// What is there, kept up to date by what each change saw.
    public internal(set) var facts: LiveFacts
    /// What was there when the run began, or at its last checkpoint.
    var before: LiveFacts
    let started: Timestamp
    /// The public address when the run began, or, where it goes on after a kill, the recorded one.
    let addressAtStart: String?

    var cursor = 0
    var stepNumber: Int
    /// What tells the steps of a run that goes on after a kill from those that it made before, of which
    /// the journal may have lost some: the host would take one of the same name for done.
    let stepTag: String
    /// Whether it goes on with a run that was killed.
    var isContinuing: Bool { !stepTag.isEmpty }
    /// The newest fencing number that the run is known to have had on the host.
    var knownFence: Int?
    var lease: HostLease?
    var nonce: String?
    var recovery: RecoveryPoint?
    var backupPath: String?
    var pulled: [ServiceName: PulledImage] = [:]
    var pending: [(service: ServiceName, image: ImageReference)] = []
    var window: String?
    var slept = 0.0
    /// What was slept when the facts were read.
    private var sleptAtLook = 0.0
    /// The type that the plan takes the instance to have, where a fallback was taken in its place.
    var standsFor: String?
    /// What the state file says, as of the run's last checkpoint.
    var recorded: RecordedStack
    var servicesDownSince: Double?
    var servicesNeedStart = false
    /// Whether the run has stopped them all, or the instance under them: what runs all the same was never proven.
    var hasStoppedServices = false
    var isMarked = false
    var rollbackTarget: RollbackTarget?
    var reached: Checkpoint?
    /// Seconds during which at least one service was down.
    public internal(set) var downtime = 0.0
    /// The failure that ended the run, if one did.
    public internal(set) var failure: Diagnostic?
    /// Whether an effect on something that runs has begun since the run, or its last checkpoint, did.
    public internal(set) var hasChanged = false
    /// The changes done and seen, in GeuseMaker's wording.
    public internal(set) var changes: [String] = []
    /// What the user should know.
    public internal(set) var warnings: [String] = []
    /// The room that the run has had EC2 hold.
    var held: HeldCapacity
    /// The commands that were begun since the run, or its last checkpoint, did.
    var begun: [BegunCommand] = []
    /// The desired capacity before the run, or its last checkpoint, changed it.
    var scaledFrom: Int?
    /// What no undo takes back, in words.
    public internal(set) var leftBehind: [String] = []
    /// Whether a person has said that the plan need not be done to its end.
    var mayLeaveOut = false
    /// What no interruption may go past.
    var finishBy: Timestamp?
    /// A rotation of credentials that was begun since the run did, or since its last checkpoint.
    var rotation: CredentialTarget?
    /// Whether the host was asked to forget the old password since the run, or its last checkpoint, began.
    var isBeyondUndo = false
    /// The instance's protection as the rehearsal showed it, else as it was when first asked for.
    private var protection: StopProtection?
    /// Steps that were begun without having been planned.
    private var unplanned = 0
    /// How many of them are told one by one; a script may ask for thousands.
    private static let toldUnplanned = 100
    /// The services' data as it was last looked at while none of them ran.
    var data: DataFacts?

    /// A session for a plan that was confirmed; the stack's lock must be held for all of its life.
    ///
    /// - Parameters:
    ///   - target: the stack.
    ///   - edges: the live edges.
    ///   - settings: the limits.
    ///   - plan: what was confirmed.
    ///   - facts: what is there.
    ///   - run: the run's id.
    ///   - started: when the run began.
    ///   - tagLists: the tags that the rehearsal saw.
    ///   - reading: the run's journal so far, when it goes on after a kill; its steps have been given
    ///     their numbers, which must not be given again.
    public init(
        target: StackTarget,
        edges: SessionEdges,
        settings: SessionSettings,
        plan: Plan,
        facts: LiveFacts,
        run: RunID,
        started: Timestamp,
        tagLists: TagLists? = nil,
        continuing reading: JournalReading? = nil
    ) {
        self.target = target
        recorded = target.recorded
        self.edges = edges
        self.tagLists = tagLists ?? TagLists(edges.host)
        self.settings = settings
        self.plan = plan
        self.facts = facts
        before = facts
        protection = facts.stopProtection
        self.run = run
        self.started = started
        addressAtStart = reading == nil ? facts.instance.publicIP : target.recorded.publicIP
        stepNumber = reading?.intentCount ?? 0
        stepTag = reading == nil ? "" : "-" + Self.makeNonce().prefix(8)
        knownFence = reading?.fence
        servicesNeedStart = reading?.leftServicesStopped ?? false
        hasStoppedServices = servicesNeedStart
        held = HeldCapacity(continuing: reading, now: facts.instance.capacity)
        warnings = plan.warnings
    }

    /// The facts as last seen, which is anew where the script slept since; between a stop and the start at a
    /// window's end as the rehearsal tells them.
    public func describe() throws -> JSONValue {
        if slept > sleptAtLook, !isDownInWindow { try look() }
        var seen = shown
        let known =
            protection
            ?? StopProtection((try? edges.cloud.isStopProtected(facts.instance.id)) ?? nil)
        protection = known
        seen.stopProtection = known
        // As in the rehearsal: an address that the run itself has changed is no drift.
        var recorded = recorded
        if plan.changesAddress, facts.instance.publicIP != before.instance.publicIP {
            recorded.forgetAddress()
        }
        return StackDescription.json(stack: target.name, recorded: recorded, facts: seen)
    }

    private var shown: LiveFacts {
        var seen = facts
        if isDownInWindow { seen.host?.services = facts.host?.services.map(\.down) ?? [] }
        return seen
    }

    /// What the guards judge: all that the window has stopped is started at its end.
    private var judged: LiveFacts {
        var seen = facts
        if isDownInWindow { seen.host?.services = facts.host?.services.map(\.well) ?? [] }
        return seen
    }

    private var isDownInWindow: Bool { window != nil && servicesNeedStart }

    /// The health as docker shows it now.
    public func health() throws -> JSONValue {
        if isDownInWindow, facts.host != nil { return try Rehearsal.health(shown) }
        try look()
        return try Rehearsal.health(facts)
    }

    /// Proves the mount as it is now, the nonce of the backup included.
    public func verifyStorage() throws -> JSONValue {
        try look()
        try Rehearsal.proveStorage(target, facts)
        return StackDescription.storage(facts)
    }

    /// Looks until every service is well.
    public func waitHealthy(timeout: Double) throws -> JSONValue {
        try refuseInWindow("a wait for health")
        return try HealthWait(timeout, edges.clock, edges.cancellation).end {
            try look()
            return facts
        }
    }

    /// Waits.
    public func sleep(_ seconds: Double) throws {
        try edges.clock.sleep(seconds, edges.cancellation)
        slept += seconds
    }

    /// The start of the run and what was slept since.
    public func now() -> Timestamp { started.adding(seconds: slept) }

    // MARK: the way every change goes

    /// The code of the refusal of every change after a failure.
    public static let failedCode = "session_failed"

    /// Refuses every change once one has failed, whether it would have to do anything or not: what the failed
    /// one left is not known, so that nothing can be said to be there already.
    func refuseAfterFailure(_ step: PlanStep? = nil) throws {
        guard let failure else { return }
        throw Diagnostic(
            Self.failedCode,
            "The run has failed before; nothing more is changed.",
            step: step?.title,
            cause: failure
        )
    }

    /// Lets a step begin only when it is the plan's next one.
    func begin(_ step: PlanStep) throws {
        try refuseAfterFailure(step)
        try edges.cancellation.check()
        let next = cursor < plan.steps.count ? plan.steps[cursor] : nil
        if next == step {
            try checkEnd(step, at: cursor)
            cursor += 1
            return
        }
        // Who has answered no, or let the script do something else, does not want the rest as it was.
        if mayLeaveOut, let later = plan.steps[cursor...].firstIndex(of: step) {
            try checkEnd(step, at: later)
            cursor = later + 1
            return
        }
        try vet(step)
        guard try edges.approver.approveDivergence(planned: next, asked: step) else {
            throw fail(diverged(step, from: next))
        }
        // The answer may have taken its time.
        try checkEnd(step, at: nil)
        // One change may stand for another; a question or a backup more stands for none.
        if !step.onlyAdds { mayLeaveOut = true }
        tellUnplanned(step)
    }

    /// Whether a step may begin without anybody being asked.
    func isForeseen(_ step: PlanStep) -> Bool {
        let rest = plan.steps.dropFirst(cursor)
        return rest.first == step || (mayLeaveOut && rest.contains(step))
    }

    /// Holds a step that was not planned to what a plan with it would have been held to: nobody can say yes
    /// to a refusal.
    func vet(_ step: PlanStep) throws {
        do {
            try edges.vet(step, judged)
        } catch {
            let next = plan.steps.dropFirst(cursor).first
            throw fail(diverged(step, from: next, because: Self.diagnostic(error)))
        }
    }

    private func tellUnplanned(_ step: PlanStep) {
        unplanned += 1
        // What it brings into force besides was vetted with it.
        if let host = facts.host {
            plan.drifted += ImageDrift.all([step], host)
            plan.reconfigured += ConfigurationDrift.all([step], host)
        }
        guard unplanned <= Self.toldUnplanned else { return }
        // Allowed, not done: that is still to be seen.
        let note = "Not in the plan, and allowed: \(step.title)."
        warnings.append(note)
        edges.observer.observe(.warning(note))
    }

    /// The rest of what was not planned, as a number.
    var untoldUnplanned: [String] {
        let rest = unplanned - Self.toldUnplanned
        return rest > 0 ? ["Not in the plan, and allowed: \(rest) more steps."] : []
    }

    private func diverged(
        _ step: PlanStep,
        from planned: PlanStep?,
        because refusal: Diagnostic? = nil
    ) -> Diagnostic {
        Diagnostic(
            "plan_diverged",
            "The script asked for something else than its plan: \(step.title).",
            detail: "The plan's next step was: \(planned?.title ?? "none")."
                + (refusal.map { " Planned, it would have been refused: \($0.summary)" } ?? ""),
            hint: "A script must ask for the same changes each time it runs; "
                + "look at what it reads.",
            step: step.title,
            cause: refusal
        )
    }

    /// Remembers the failure that ends the run.
    func fail(_ error: any Error) -> Diagnostic {
        let diagnostic = Self.diagnostic(error)
        if failure == nil { failure = diagnostic }
        return diagnostic
    }

    static func diagnostic(_ error: any Error) -> Diagnostic {
        error as? Diagnostic ?? Diagnostic("internal_error", "Unexpected: \(error)")
    }

    /// One effect: intent on disk, then the effect, then what was seen of it on disk.
    func effect<Value>(
        _ word: String,
        title: String,
        inverse: String?,
        from: String? = nil,
        to: String? = nil,
        undo: HostCommand? = nil,
        name: String? = nil,
        quiet: Bool = false,
        observing: ((Value) -> String)? = nil,
        _ body: (StepID) throws -> Value
    ) throws -> Value {
        stepNumber += 1
        let step = StepID(run: run, step: name ?? "\(stepNumber)\(stepTag)-\(word)")
        let began = edges.clock.monotonic()
        do {
            try edges.cancellation.check()
            try edges.record.intent(
                step,
                title: title,
                inverse: inverse,
                undo: undo,
                from: from,
                to: to
            )
            if !quiet { edges.observer.observe(.stepStarted(title: title)) }
            let value = try body(step)
            try edges.record.outcome(
                step,
                succeeded: true,
                observed: observing?(value) ?? to
            )
            let seconds = edges.clock.monotonic() - began
            if !quiet {
                edges.observer.observe(.stepFinished(title: title, seconds: seconds, note: nil))
            }
            return value
        } catch {
            var diagnostic = Self.diagnostic(error)
            if diagnostic.step == nil { diagnostic.step = title }
            _ = fail(diagnostic)
            let seconds = edges.clock.monotonic() - began
            edges.observer.observe(.stepFailed(title: title, seconds: seconds, diagnostic))
            // The failure itself matters more than a journal that cannot take it.
            try? edges.record.outcome(step, succeeded: false, observed: diagnostic.code)
            throw diagnostic
        }
    }

    /// Reads the facts again.
    func look() throws {
        let reader = FactsReader(
            cloud: edges.cloud,
            host: edges.host,
            mountPoint: target.mountPoint
        )
        facts = try whenNotThrottled {
            try reader.read(target.instance, fileSystem: target.fileSystem, nonce: nonce)
        }
        sleptAtLook = slept
    }
}
