/// What a script is going to do, complete before anything is touched.
public struct Plan: Sendable, Equatable {
    /// The stack.
    public var stack: StackName
    /// The steps in order.
    public var steps: [PlanStep]
    /// What the user should know before answering.
    public var warnings: [String]
    /// Whether the instance gets a new public address.
    public var changesAddress: Bool
    /// What was looked at before the question; nil while nothing was.
    public var preflight: PreflightReport?
    /// What the registries said of the images that are pulled, as they were when the plan was made.
    public var images: [RegistryImage] = []
    /// What it does to the monthly bill; nil when the type stays.
    public var cost: PlanCost?
    /// Whether room for the new type is held through the change.
    public var reservesCapacity = false
    /// The dumps of data that are taken with its first backup.
    public var dumps: [DataDump] = []
    /// What is started from another image than the one that runs, without a step of its own.
    public var drifted: [ImageDrift] = []
    /// What is started with another configuration than the one that runs, without a step of its own.
    public var reconfigured: [ConfigurationDrift] = []
    /// Which data does not outlive the instance or a container, in sentences.
    public var dataAtRisk: [String] = []
    /// Seconds during which services are expected to be down.
    public var expectedDowntime: Double
    /// Where that figure is from.
    public var downtimeBasis: String?

    /// Makes a plan.
    public init(
        stack: StackName,
        steps: [PlanStep] = [],
        warnings: [String] = [],
        changesAddress: Bool = false,
        expectedDowntime: Double = 0
    ) {
        self.stack = stack
        self.steps = steps
        self.warnings = warnings
        self.changesAddress = changesAddress
        self.expectedDowntime = expectedDowntime
    }

    /// Whether something that runs would change.
    public var hasChanges: Bool { steps.contains(where: \.isChange) }

    /// Whether there is nothing to do: no change, and nothing asked for that only adds.
    ///
    /// A window without a change in it is no reason to do anything, nor is the backup that it brings.
    public var isEmpty: Bool {
        guard !hasChanges else { return false }
        var hasWindow = false
        var hasBackup = false
        for step in steps {
            switch step {
            case .pull, .backup(label: .some), .operation(.prune): return false
            case .backup(label: nil): hasBackup = true
            case .openWindow, .checkpoint: hasWindow = true
            default: break
            }
        }
        return hasWindow || !hasBackup
    }

    /// Whether an image is brought to the host.
    var pulls: Bool {
        steps.contains { if case .pull = $0 { true } else { false } }
    }

    /// The changes as rows of subject, current and new value.
    public var changes: [PlanChange] { changes(after: nil) }

    /// The steps behind the last checkpoint of that name; all of them for nil.
    func steps(after checkpoint: String?) -> ArraySlice<PlanStep> {
        let reached = checkpoint.flatMap { name in
            steps.lastIndex { $0 == .checkpoint(name: name) }
        }
        return steps.dropFirst(reached.map { $0 + 1 } ?? 0)
    }

    /// The changes behind the last checkpoint of that name; all of them for nil.
    func changes(after checkpoint: String?) -> [PlanChange] {
        let asked = steps(after: checkpoint).flatMap { step -> [PlanChange] in
            switch step {
            case .resize(let from, let to, _):
                [PlanChange(subject: "instance type", current: from, new: to.text)]
            case .setImage(let service, let from, let to):
                [PlanChange(subject: "\(service) image", current: from, new: to.text)]
            case .rollback(let target): target.changes
            case .restoreData(let restore):
                [
                    PlanChange(
                        subject: "\(restore.data) data",
                        current: "as it is",
                        new: "as in the backup \(restore.backup)"
                    )
                ]
            case .operation(let operation): operation.change.map { [$0] } ?? []
            case .rotateCredentials(let target):
                [
                    PlanChange(
                        subject: "\(target.service) database password",
                        current: "the present one",
                        new: "a new one, made on the host"
                    )
                ]
            default: []
            }
        }
        guard checkpoint == nil else { return asked }
        return asked + drifted.map(\.change) + reconfigured.map(\.change)
    }

    /// The plan as data.
    public var json: JSONValue {
        [
            "stack": .string(stack.text),
            "changes": .array(
                changes.map { .string("\($0.subject): \($0.current) -> \($0.new)") }
            ),
            "steps": .array(
                stepsInWindows.map {
                    $0.described(inWindow: $1, reserving: reservesCapacity)
                }
            ),
            "expected_downtime_seconds": .double(expectedDowntime),
            "expected_downtime_basis": downtimeBasis.map(JSONValue.string) ?? .null,
            "reserves_capacity": .bool(reservesCapacity),
            "address_changes": .bool(changesAddress),
            "warnings": .array(warnings.map(JSONValue.string)),
            "images": .array(images.map(\.json)),
            "dumps": .array(dumps.map(\.json)),
            "drifted": .array(drifted.map(\.json)),
            "reconfigured": .array(reconfigured.map(\.json)),
            "data_not_preserved": .array(dataAtRisk.map(JSONValue.string)),
            "cost": cost?.json ?? .null,
            "checks": preflight?.json ?? .null,
        ]
    }
}

/// One row of what changes.
public struct PlanChange: Sendable, Equatable {
    /// What changes, such as `instance type`.
    public let subject: String
    /// The value now.
    public let current: String
    /// The value afterwards.
    public let new: String
}
