/// Runs a script's calls without touching anything: reads are live, changes are checked, predicted
/// and written down as the plan.
public final class Rehearsal: Primitives {
    let target: StackTarget
    let lookups: CloudLookups
    let earlier: EarlierStates?
    let tagLists: TagLists
    private let downtime: DowntimeEstimate
    let started: Timestamp
    let clock: any Clock
    let cancellation: Cancellation
    let read: () throws -> LiveFacts
    var predicted: LiveFacts?
    /// What the state file says, as a checkpoint will have it say.
    var recorded: RecordedStack
    private(set) var window: String?
    /// Why the script cannot be run for real, though it came to its end.
    public internal(set) var broken: Diagnostic?
    /// Why nothing can be changed any more, after a step that has to be the last one.
    var hasEnded: Diagnostic?
    private var hasBackup = false
    private var pulled: [ServiceName: ImageReference] = [:]
    private var images: [ServiceName: ImageReference] = [:]
    var slept = 0.0
    /// Seconds that the script slept since the last look, and that nobody has waited for.
    var unspent = 0.0
    /// The desired capacity after the changes so far.
    var capacity: Int?
    /// The images that were set inside the window that is open, and come into force when it closes.
    var deferred: [(service: ServiceName, image: ImageReference)] = []
    /// The services as they were before they were stopped inside of it; nil while they run.
    var stopped: [ServiceFacts]?
    /// Seconds that the script sleeps while they are stopped.
    var sleptWhileDown = 0.0
    /// What must not be gone past.
    var finishBy: Timestamp?

    /// What the script asked for so far.
    public internal(set) var plan: Plan
    /// The facts as they were read last, before any prediction; nil while the script has not looked.
    public internal(set) var facts: LiveFacts?

    /// A rehearsal; `read` looks at what is there, when the script first needs it and whenever it looks
    /// again before its first change.
    public init(
        target: StackTarget,
        lookups: CloudLookups,
        tagLists: TagLists,
        earlier: EarlierStates? = nil,
        downtime: DowntimeEstimate = .stated,
        started: Timestamp,
        clock: any Clock = SystemClock(),
        cancellation: Cancellation = Cancellation(),
        read: @escaping () throws -> LiveFacts
    ) {
        self.target = target
        recorded = target.recorded
        self.clock = clock
        self.cancellation = cancellation
        self.lookups = lookups
        self.tagLists = tagLists
        self.earlier = earlier
        self.downtime = downtime
        self.started = started
        self.read = read
        plan = Plan(stack: target.name)
    }

    /// Records a backup.
    public func backup(label: BackupLabel?) throws -> JSONValue {
        try refuseAfterFailure()
        _ = try look()
        try record(.backup(label: label))
        hasBackup = true
        return ["id": .null, "path": .null, "label": label.map { .string($0.text) } ?? .null]
    }

    /// Records a pull.
    public func pull(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue {
        try refuseAfterFailure()
        _ = try known(service)
        try secureFirst()
        pulled[service] = image
        try record(.pull(service: service, image: image))
        return ["image": .string(image.text), "image_id": .null, "digest": .null]
    }

    /// Checks that the image's place in the compose file can be edited, and records the change.
    public func setImage(_ service: ServiceName, _ image: ImageReference) throws {
        try refuseAfterFailure()
        let now = try known(service)
        let waiting = deferred.last { $0.service == service }?.image
        guard !(waiting.map { $0 == image } ?? now.runs(image)) else { return }
        try requireMayChange()
        let host = try look().seenHost()
        var wanted = images
        wanted[service] = image
        _ = try host.project.edits(
            setting: wanted,
            // What is in force now, not what is predicted: the file has not been edited yet.
            resolved: facts?.host.map(Self.resolved) ?? [:]
        )
        try secureFirst()
        if pulled[service] != image { _ = try pull(service, image) }
        images = wanted
        let from = waiting?.text ?? now.current(beside: image)
        try record(.setImage(service: service, from: from, to: image))
        predict(service, from: image)
    }

    /// Records the change; whether the type can be had and fits is looked up meanwhile.
    public func resize(_ type: InstanceType, fallback: [InstanceType]) throws {
        try refuseAfterFailure()
        let instance = try look().instance
        guard type.text != instance.type else { return }
        try requireMayChange()
        let change = TypeChange(from: instance.type, to: type, orElse: fallback)
        if let facts {
            let types = [type] + change.fallback
            lookups.begin(facts.instance, types)
            lookups.beginReserving(types, for: facts.instance)
        }
        try secureFirst()
        // First: what cannot be asked must not leave a step behind that the plan tells half of.
        try changeAddress(of: instance)
        try record(change.step)
        try predictType(type, of: instance)
    }

    /// Records the beginning of a shared interruption.
    public func openWindow(_ name: String) throws {
        try refuseAfterFailure()
        if let window { throw Self.nested(in: window) }
        try secureFirst()
        try record(.openWindow(name: name))
        window = name
    }

    /// Records its end.
    public func closeWindow(_ name: String, failed: Bool, because cause: Diagnostic?) throws {
        window = nil
        guard !failed else {
            broken = broken ?? Session.brokenWindow(name, because: cause)
            return
        }
        try refuseAfterFailure()
        try record(.closeWindow(name: name))
        predictEndOfWindow()
    }

    // MARK: shared with the session

    /// The refusal of a second interruption inside of the first.
    static func nested(in window: String) -> Diagnostic {
        Diagnostic(
            "window_nested",
            "The window \(VisibleText.quoted(window)) is still open.",
            hint: "Windows cannot be nested; end the first one before.",
            kind: .refused
        )
    }

    static func resolved(_ host: HostFacts) -> [ServiceName: String] {
        Dictionary(
            host.services.map { ($0.name, $0.configuredImage) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    static func health(_ facts: LiveFacts) throws -> JSONValue {
        .object(
            JSONObject(
                try facts.seenHost().services.map { ($0.name.text, StackDescription.service($0)) }
            )
        )
    }

    static func proveStorage(_ target: StackTarget, _ facts: LiveFacts) throws {
        _ = try facts.seenHost()
        try StorageChecks(facts: facts, target: target).prove()
    }

    static func unreachable() -> Diagnostic {
        Diagnostic(
            "host_unreachable",
            "The host cannot be looked at: the instance is not running.",
            hint: "Start the instance and try again.",
            kind: .refused
        )
    }

    func known(_ service: ServiceName) throws -> ServiceFacts {
        let host = try look().seenHost()
        guard let found = host.service(service) else {
            throw Diagnostic(
                "unknown_service",
                "There is no service called \(service) in \(host.project.file).",
                detail: "Nothing was touched.",
                hint: "The services are: "
                    + host.services.map(\.name.text).joined(separator: ", ") + ".",
                kind: .refused
            )
        }
        return found
    }

    /// No change without a backup: a script that took none gets one, in the plan too.
    func secureFirst() throws {
        if !hasBackup { _ = try backup(label: nil) }
    }

    func changeAddress(of instance: Instance) throws {
        guard instance.publicIP != nil, try !lookups.keepsAddress(instance) else { return }
        plan.changesAddress = true
    }

    /// Refuses every further change once the script cannot be run for real, whether it would have to do
    /// anything or not.
    func refuseAfterFailure() throws {
        if let broken { throw broken }
    }

    func record(_ step: PlanStep) throws {
        try refuseAfterFailure()
        guard plan.steps.count < 1000 else {
            let refusal = Diagnostic(
                "plan_too_long",
                "The script asks for more than 1000 steps.",
                kind: .refused
            )
            // Of a question too: the real run asks for one more step than its plan has.
            broken = Self.caught(refusal)
            throw refusal
        }
        if let finishBy, window == nil {
            var interruption = [step]
            if case .closeWindow = step { interruption = Plan.lastWindow(of: plan.steps) + [step] }
            let needed = downtime.seconds(for: interruption)
            let left = finishBy.seconds - now().seconds
            guard needed == 0 || needed <= left else {
                throw Session.tooLate(step, needed: needed, left: left, finishBy)
                    .withKind(.refused)
            }
        }
        plan.steps.append(step)
        plan.expectedDowntime = downtime.seconds(for: plan.steps) + sleptWhileDown
        plan.downtimeBasis = downtime.basis(
            for: plan.steps,
            grace: facts?.host?.project.stopGrace ?? 0
        )
        tellOfData()
    }

    /// Writes down what the plan means for the data, as it was seen last.
    func tellOfData() {
        guard !plan.steps.isEmpty, let host = facts?.host else { return }
        plan.dumps = DataDump.all(plan.steps, host)
        plan.drifted = ImageDrift.all(plan.steps, host)
        plan.reconfigured = ConfigurationDrift.all(plan.steps, host)
        plan.dataAtRisk = DataAtRisk.sentences(host, mountPoint: target.mountPoint)
    }
}
