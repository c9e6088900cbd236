/// Runs a script's calls without touching anything: reads are live, changes are checked, predicted
/// and written down as the plan.
public final class Rehearsal: Primitives {
    private let target: StackTarget
    private let cloud: any Cloud
    private let started: Timestamp
    private var facts: LiveFacts
    private var window: String?
    private var hasBackup = false
    private var pulled: [ServiceName: ImageReference] = [:]
    private var images: [ServiceName: ImageReference] = [:]
    private var slept = 0.0
    private var script = ""

    /// What the script asked for so far.
    public private(set) var plan: Plan

    /// A rehearsal over facts that were read under the lock.
    public init(target: StackTarget, cloud: any Cloud, facts: LiveFacts, started: Timestamp) {
        self.target = target
        self.cloud = cloud
        self.facts = facts
        self.started = started
        plan = Plan(stack: target.name)
    }

    /// The predicted facts: what describe says after the changes so far.
    public func describe() throws -> JSONValue {
        StackDescription.json(stack: target.name, recorded: target.recorded, facts: facts)
    }

    /// Records a backup.
    public func backup(label: BackupLabel?) throws -> JSONValue {
        try record(.backup(label: label))
        hasBackup = true
        return ["id": .null, "label": label.map { .string($0.text) } ?? .null]
    }

    /// Records a pull.
    public func pull(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue {
        _ = try known(service)
        try secureFirst()
        pulled[service] = image
        try record(.pull(service: service, image: image))
        return ["image": .string(image.text), "image_id": .null, "digest": .null]
    }

    /// Checks that the image's place in the compose file can be edited, and records the change.
    public func setImage(_ service: ServiceName, _ image: ImageReference) throws {
        let now = try known(service)
        guard now.configuredImage != image.text else { return }
        guard let host = facts.host else { throw unreachable() }
        var wanted = images
        wanted[service] = image
        _ = try ComposeDocument(bytes: host.project.bytes).edits(
            setting: wanted,
            resolved: Self.resolved(host)
        )
        try secureFirst()
        if pulled[service] != image { _ = try pull(service, image) }
        images = wanted
        try record(.setImage(service: service, from: now.configuredImage, to: image))
        for index in host.services.indices where host.services[index].name == service {
            facts.host?.services[index].configuredImage = image.text
        }
    }

    /// Checks that the type can be had and fits, and records the change.
    public func resize(_ type: InstanceType, fallback: [InstanceType]) throws {
        guard type.text != facts.instance.type else { return }
        let checks = ResizeChecks(cloud: cloud, instance: facts.instance)
        plan.warnings += try checks.check(type)
        for other in fallback where other.text != facts.instance.type {
            _ = try checks.check(other)
        }
        try secureFirst()
        try record(.resize(from: facts.instance.type, to: type, fallback: fallback))
        plan.changesAddress = facts.instance.publicIP != nil
        facts.instance.type = type.text
    }

    /// Records the beginning of a shared interruption.
    public func openWindow(_ name: String) throws {
        if let window {
            throw Diagnostic(
                "window_nested",
                "The window \(VisibleText.quoted(window)) is still open.",
                hint: "Windows cannot be nested; end the first one before."
            )
        }
        try secureFirst()
        try record(.openWindow(name: name))
        window = name
    }

    /// Records its end.
    public func closeWindow(_ name: String, failed: Bool) throws {
        window = nil
        if !failed { try record(.closeWindow(name: name)) }
    }

    /// Proves the mount as it is now.
    public func verifyStorage() throws -> JSONValue {
        try Self.proveStorage(target, facts)
        return StackDescription.storage(facts)
    }

    /// The health as it is now.
    public func health() throws -> JSONValue { try Self.health(facts) }

    /// Predicted to succeed; the health now is returned.
    public func waitHealthy(timeout: Double) throws -> JSONValue { try Self.health(facts) }

    /// Counts the time without spending it.
    public func sleep(_ seconds: Double) throws { slept += seconds }

    /// The start of the run and what was slept since.
    public func now() -> Timestamp { started.adding(seconds: slept) }

    // MARK: shared with the session

    static func resolved(_ host: HostFacts) -> [ServiceName: String] {
        Dictionary(
            host.services.map { ($0.name, $0.configuredImage) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    static func health(_ facts: LiveFacts) throws -> JSONValue {
        guard let host = facts.host else { throw unreachable() }
        return .object(
            JSONObject(host.services.map { ($0.name.text, StackDescription.service($0)) })
        )
    }

    static func proveStorage(_ target: StackTarget, _ facts: LiveFacts) throws {
        try StorageChecks.checkControlPlane(facts, expected: target.fileSystem)
        guard let host = facts.host else { throw unreachable() }
        try StorageProof.check(
            host.storage,
            expecting: target.fileSystem,
            networkTypes: target.networkTypes
        )
    }

    static func unreachable() -> Diagnostic {
        Diagnostic(
            "host_unreachable",
            "The host cannot be looked at: the instance is not running.",
            detail: "Nothing was touched.",
            hint: "Start the instance and try again.",
            kind: .refused
        )
    }

    private func unreachable() -> Diagnostic { Self.unreachable() }

    private func known(_ service: ServiceName) throws -> ServiceFacts {
        guard let host = facts.host else { throw unreachable() }
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
    private func secureFirst() throws {
        guard !hasBackup else { return }
        guard target.fileSystem != nil else {
            throw Diagnostic(
                "no_file_system",
                "The stack has no EFS file system on record, so its data cannot be protected.",
                detail: "Nothing was touched.",
                hint: "Adopt the stack again, so that its mounts are read from the host.",
                kind: .refused
            )
        }
        try Self.proveStorage(target, facts)
        _ = try backup(label: nil)
    }

    private func record(_ step: PlanStep) throws {
        plan.steps.append(step)
        plan.expectedDowntime = DowntimeEstimate.seconds(for: plan.steps)
        guard plan.steps.count <= 1000 else {
            throw Diagnostic("plan_too_long", "The script asks for more than 1000 steps.")
        }
    }
}
