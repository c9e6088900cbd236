/// Everything that a simulated stack is at one moment: cloud, host, disks, faults and request log.
public struct SandboxWorld: Sendable, Equatable {
    /// The name of the stack.
    public internal(set) var name = StackName(unchecked: "")
    /// The faults that are set.
    public internal(set) var faults: [SandboxFault] = []
    /// The requests it served, oldest first; only the newest are kept.
    public internal(set) var log: [SandboxRequest] = []
    /// The moment up to which everything has happened.
    public internal(set) var time = Timestamp(microseconds: 0)

    var region = Region(unchecked: "")
    var durations = SandboxDurations()
    /// How many times faster than real time waits on it pass.
    var speed = 1.0
    var instance = SandboxInstance()
    /// The Auto Scaling group that owns the instance.
    var group: SandboxGroup?
    var storage = SandboxStorage()
    var machine = SandboxMachine()

    /// How many requests the log keeps: more than a run makes, and few enough to be read with each request.
    static let logLimit = 200

    /// What requests change.
    struct Effects: Equatable {
        var instance: SandboxInstance
        var group: SandboxGroup?
        var storage: SandboxStorage
        var machine: SandboxMachine
    }

    var effects: Effects {
        Effects(instance: instance, group: group, storage: storage, machine: machine.effects)
    }

    mutating func record(_ operation: String, _ subject: String?) {
        log.append(SandboxRequest(time: time, operation: operation, subject: subject))
        if log.count > Self.logLimit { log.removeFirst(log.count - Self.logLimit) }
    }

    /// A fault that is set, without using it up.
    func fault(_ kind: SandboxFault.Kind, _ applies: (SandboxFault) -> Bool = { _ in true })
        -> SandboxFault?
    {
        faults.first { $0.kind == kind && applies($0) }
    }

    /// A fault that strikes now; one with a count strikes once less from then on.
    mutating func takeFault(
        _ kind: SandboxFault.Kind,
        _ applies: (SandboxFault) -> Bool = { _ in true }
    ) -> SandboxFault? {
        guard let index = faults.firstIndex(where: { $0.kind == kind && applies($0) }) else {
            return nil
        }
        let fault = faults[index]
        if let remaining = fault.remaining {
            faults[index].remaining = remaining - 1
            if remaining <= 1 { faults.remove(at: index) }
        }
        return fault
    }

    /// Sets a fault; a mount fault that shows at once changes the mount that is there.
    mutating func inject(_ fault: SandboxFault) {
        faults.append(fault)
        guard fault.strikesNow, machine.isUp else { return }
        machine.mount = SandboxMount(takeFault(.efs) { $0 == fault }?.mountCondition)
    }

    /// Takes all faults away and repairs the mount and the machine, as an operator would.
    mutating func clearFaults() {
        faults = []
        machine.mountAt = nil
        if instance.failedCheck != nil {
            instance.failedCheck = nil
            machine.bootAt = time.adding(seconds: durations.boot)
        }
        if machine.isUp { machine.mount = SandboxMount(nil) }
    }
}

extension SandboxWorld: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("name", \.name), .init("region", \.region), .init("time", \.time),
            .init("faults", \.faults), .init("durations", \.durations),
            .init("speed", \.speed),
            .init("instance", \.instance), .init("group", \.group), .init("storage", \.storage),
            .init("machine", \.machine), .init("log", \.log),
        ]
    }
}
