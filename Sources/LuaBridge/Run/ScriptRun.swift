import GeuseRuntime

/// One script on one stack, from the rehearsal to a verified end or an undo.
///
/// The stack's lock is held for all of it.
public struct ScriptRun {
    /// How it ended.
    public enum Ending {
        /// The plan, which was all that was asked for, and the facts it was made from.
        case planned(Plan, LiveFacts?)
        /// The script asked for no change.
        case nothingToDo(Plan)
        /// A check said no; nothing was touched. The plan has all the checks.
        case refused(Diagnostic, Plan, LiveFacts)
        /// Done and verified.
        case done(UpdateResult)
        /// It failed; what was begun was treated as told.
        case failed(Diagnostic, Session.Compensation)
    }

    /// What it runs on.
    public struct Inputs {
        /// The stack.
        public var target: StackTarget
        /// The control plane.
        public var cloud: any Cloud
        /// The host.
        public var host: any Host
        /// Time.
        public var clock: any Clock
        /// Ends waits.
        public var cancellation: Cancellation
        /// Sees what happens.
        public var observer: any Observer
        /// Answers the question.
        public var approver: any Approver
        /// The limits of the run.
        public var settings: SessionSettings
        /// What the command line asked for, for `geuse.request()`.
        public var request: JSONValue
        /// The script's own arguments.
        public var arguments: [String]
        /// The configurations that the stack had before.
        public var earlier: EarlierStates
        /// How long such changes take.
        public var downtime: DowntimeEstimate
        /// Whether to stop after the rehearsal.
        public var dryRun: Bool
        /// Who asks for the host's lease.
        public var owner: LockOwner
        /// Whether this machine knows that a run of the stack has ended.
        public var hasEnded: (RunID) -> Bool
        /// Looks whether a run of the plan can be written down and will not be cut short; called when
        /// there is something to do.
        public var checks: (Plan) throws -> [PreflightCheck]
        /// The refusals that a person overrules (`--allow`).
        public var allowed: Set<String>
        /// The plan that it must come to; nil when any will do.
        public var expected: PlanFile?
        /// Images that the command line names: their registries are asked with the first look.
        public var images: [ImageReference]
        /// Types that the command line names: they are looked up beside the first look.
        public var types: [InstanceType]

        /// Bundles the inputs.
        public init(
            target: StackTarget,
            cloud: any Cloud,
            host: any Host,
            clock: any Clock,
            cancellation: Cancellation,
            observer: any Observer,
            approver: any Approver,
            settings: SessionSettings,
            request: JSONValue,
            arguments: [String],
            earlier: EarlierStates,
            downtime: DowntimeEstimate = .stated,
            dryRun: Bool,
            owner: LockOwner,
            hasEnded: @escaping (RunID) -> Bool,
            checks: @escaping (Plan) throws -> [PreflightCheck],
            allowed: Set<String> = [],
            expected: PlanFile? = nil,
            images: [ImageReference] = [],
            types: [InstanceType] = []
        ) {
            self.target = target
            self.cloud = cloud
            self.host = host
            self.clock = clock
            self.cancellation = cancellation
            self.observer = observer
            self.approver = approver
            self.settings = settings
            self.request = request
            self.arguments = arguments
            self.earlier = earlier
            self.downtime = downtime
            self.dryRun = dryRun
            self.owner = owner
            self.hasEnded = hasEnded
            self.checks = checks
            self.allowed = allowed
            self.expected = expected
            self.images = images
            self.types = types
        }
    }

    private let script: ScriptFile
    private let inputs: Inputs
    private let workers: (rehearsal: ScriptWorker, real: ScriptWorker)

    /// A run; both workers were started before credentials were read.
    public init(
        _ script: ScriptFile,
        _ inputs: Inputs,
        workers: (rehearsal: ScriptWorker, real: ScriptWorker)
    ) {
        self.script = script
        self.inputs = inputs
        self.workers = workers
    }

    /// Rehearses, asks, and does.
    ///
    /// - Parameters:
    ///   - run: the run's id.
    ///   - open: starts the journal for a confirmed plan; called after the question, so that a
    ///     refused or declined run leaves no trace.
    /// - Returns: how it ended.
    /// - Throws: `Diagnostic` for everything that ends a run before the first effect.
    public func execute(run: RunID, open: (Plan) throws -> StackRecord) throws -> Ending {
        let started = inputs.clock.now()
        let reader = FactsReader(
            cloud: inputs.cloud,
            host: inputs.host,
            mountPoint: inputs.target.mountPoint
        )
        inputs.observer.observe(.phase("rehearsing \(script.source.name)"))
        let lookups = CloudLookups(
            inputs.cloud,
            reservesCapacity: inputs.settings.reservesCapacity
        )
        let tagLists = TagLists(inputs.host)
        var hasLooked = false
        let rehearsal = Rehearsal(
            target: inputs.target,
            lookups: lookups,
            tagLists: tagLists,
            earlier: inputs.earlier,
            downtime: inputs.downtime,
            started: started,
            clock: inputs.clock,
            cancellation: inputs.cancellation
        ) {
            guard hasLooked else {
                inputs.observer.observe(.phase("looking at what is there"))
                hasLooked = true
                return try look(reader, lookups)
            }
            // What a script looks for again is asked anew, of the control plane too.
            return try reader.read(
                inputs.target.instance,
                fileSystem: inputs.target.fileSystem,
                lookups: CloudLookups(inputs.cloud)
            )
        }
        let said = SaidLines()
        var isSaidAgain = false
        // Where no second run says it: when there is nothing to do, and when the rehearsal fails or its
        // plan is refused, of which it may tell why.
        defer { if !isSaidAgain { said.tell(inputs.observer) } }
        do {
            try play(
                workers.rehearsal,
                StrictRehearsal(rehearsal),
                observer: said,
                seed: started
            )
        } catch let error as Diagnostic {
            // Of a script that fails because the stack is another one by now, that is what is to be told.
            if error.kind != .interrupted, let facts = rehearsal.facts {
                try inputs.expected?.check(facts)
            }
            let isWindow = rehearsal.broken?.code == Session.brokenWindowCode
            throw isWindow
                ? Self.cause(of: error, after: rehearsal.broken) : rehearsal.cause(of: error)
        }
        if let broken = rehearsal.broken { throw broken }
        var plan = rehearsal.plan
        var looked = rehearsal.facts
        if var facts = looked {
            try ImageLookups.complete(
                &facts,
                for: plan,
                over: inputs.host,
                knowing: tagLists.images
            )
            plan.images = facts.host?.registry ?? []
            try inputs.expected?.check(plan, facts)
            looked = facts
        }
        guard !plan.isEmpty else {
            return inputs.dryRun ? .planned(plan, looked) : .nothingToDo(plan)
        }
        guard let facts = looked else {
            throw Diagnostic("internal_error", "A plan was made without a look at the stack.")
        }
        plan.reserveCapacity(inputs.settings.reservesCapacity)
        inputs.observer.observe(.phase("checking the plan"))
        let preflight = Preflight(
            inputs.target,
            lookups,
            health: inputs.settings.serviceHealth,
            earlier: inputs.earlier
        )
        let report = PreflightReport(
            try preflight.checks(plan, facts) + inputs.checks(plan),
            allowing: inputs.allowed
        )
        plan.preflight = report
        if inputs.allowed.contains("no-dump") { plan.dumps = [] }
        plan.cost = PlanCost(
            plan,
            facts.instance,
            region: inputs.target.recorded.region,
            price: lookups.knownPrice
        )
        // What another run has half done is no reason of this stack's own: who holds it says more.
        if !inputs.dryRun, otherHolder(facts) != nil {
            throw SessionEdges.leased(by: facts.host?.lease, of: inputs.target)
        }
        if let refusal = report.refusal { return .refused(refusal, plan, facts) }
        if inputs.dryRun { return .planned(plan, facts) }

        let shown = inputs.clock.monotonic()
        guard try inputs.approver.approve(plan, facts: facts) else {
            throw Diagnostic(
                "declined",
                "Not confirmed; nothing was touched.",
                kind: .declined
            )
        }
        let current = try confirm(facts, shown: shown, reader)
        var settings = inputs.settings
        settings.take(allowed: inputs.allowed)
        settings.downtime = inputs.downtime
        let session = Session(
            target: inputs.target,
            edges: SessionEdges(
                cloud: inputs.cloud,
                host: inputs.host,
                clock: inputs.clock,
                cancellation: inputs.cancellation,
                observer: inputs.observer,
                approver: inputs.approver,
                record: try open(plan),
                owner: inputs.owner,
                vet: StepVetting(preflight, plan, inputs.host, allowing: inputs.allowed).check
            ),
            settings: settings,
            plan: plan,
            facts: current,
            run: run,
            started: started,
            tagLists: tagLists
        )
        isSaidAgain = true
        do {
            try play(workers.real, session, observer: inputs.observer, seed: started)
            return .done(try session.finish())
        } catch let error as Diagnostic {
            let cause = Self.cause(of: error, after: session.failure)
            guard inputs.settings.rollsBack else { return .failed(cause, session.abandon(cause)) }
            let undone = session.compensate(because: cause)
            let rest = session.leftBehind
            guard !rest.isEmpty else { return .failed(cause, undone) }
            return .failed(
                cause.adding(detail: "Not undone: " + rest.joined(separator: "; ") + "."),
                undone
            )
        }
    }

    /// Looks; while another run holds the host, again for as long as waiting was asked for.
    private func look(_ reader: FactsReader, _ lookups: CloudLookups) throws -> LiveFacts {
        let end = inputs.clock.monotonic() + inputs.settings.leaseWait
        while true {
            let facts = try reader.read(
                inputs.target.instance,
                fileSystem: inputs.target.fileSystem,
                images: inputs.images,
                lookups: lookups,
                types: inputs.types
            )
            guard let holder = otherHolder(facts), inputs.clock.monotonic() < end else {
                return facts
            }
            inputs.observer.observe(
                .phase("waiting for the run \(holder.run) to give the host back")
            )
            try inputs.clock.sleep(2, inputs.cancellation)
        }
    }

    /// Another run that holds the host and may be alive.
    private func otherHolder(_ facts: LiveFacts) -> HostLease? {
        facts.host?.lease.holder.flatMap { inputs.hasEnded($0.run) ? nil : $0 }
    }

    /// Looks again when the answer took long: what was shown must still be true.
    private func confirm(
        _ facts: LiveFacts,
        shown: Double,
        _ reader: FactsReader
    ) throws -> LiveFacts {
        guard inputs.clock.monotonic() - shown > 30 else { return facts }
        var now = try reader.read(inputs.target.instance, fileSystem: inputs.target.fileSystem)
        // Only the rehearsal asked for it.
        now.stopProtection = facts.stopProtection
        if let moved = now.moved(since: facts) {
            throw Diagnostic(
                "facts_moved",
                "The stack changed while the question was open: \(moved).",
                detail: "Nothing was touched.",
                hint: "Run the command again to see the plan for what is there now.",
                kind: .refused
            )
        }
        return now
    }

    /// Runs the script once over these primitives.
    private func play(
        _ worker: ScriptWorker,
        _ primitives: any Primitives,
        observer: any Observer,
        seed: Timestamp
    ) throws {
        let context = ScriptContext(
            primitives: primitives,
            request: inputs.request,
            arguments: inputs.arguments,
            observer: observer
        )
        do {
            try worker.run(
                script.source,
                with: GeuseModule.dispatcher,
                in: context,
                seed: (seed.microseconds, 0),
                cancellation: inputs.cancellation,
                require: script.module
            )
        } catch {
            // Where a stock script stood when the core refused is no news to the user.
            let isRefusal = [.refused, .usage].contains(error.diagnostic.kind)
            throw script.isStock && isRefusal ? error.diagnostic : error.report
        }
        // A script that declares no options takes none; silence would hide a typo.
        if context.options == nil, let word = inputs.arguments.first {
            throw Diagnostic(
                "unknown_option",
                "The script takes no options, but was given \(VisibleText.quoted(word)).",
                hint: "A script declares its options with geuse.options{...}.",
                kind: .usage
            )
        }
    }
}

/// Keeps what a script says during its rehearsal, up to a limit.
private final class SaidLines: Observer {
    /// In bytes; nobody reads more than that.
    private static let limit = 1 << 20
    private var lines: [String] = []
    private var size = 0

    /// Says it all now.
    func tell(_ observer: any Observer) {
        for line in lines { observer.observe(.scriptLog(line)) }
    }

    func observe(_ event: RunEvent) {
        guard case .scriptLog(let line) = event, size <= Self.limit else { return }
        size += line.utf8.count
        lines.append(size > Self.limit ? "… (the script says more than is kept)" : line)
    }
}
