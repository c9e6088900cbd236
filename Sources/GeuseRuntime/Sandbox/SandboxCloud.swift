/// The control plane of one simulated stack.
public final class SandboxCloud: Cloud {
    private let store: SandboxStore

    /// Codes that the standard retry mode of AWS's clients tries again, and how often it tries.
    private static let transient = ["RequestLimitExceeded", "InternalError", "Unavailable"]
    private static let attempts = 3
    private static let pause = 0.1

    init(_ store: SandboxStore) { self.store = store }

    /// Who the credentials belong to: the account that AWS's documentation uses.
    public func identity() throws -> CallerIdentity {
        try request("GetCallerIdentity") { _ in
            CallerIdentity(
                account: Sandbox.account,
                arn: "arn:aws:iam::\(Sandbox.account):user/sandbox"
            )
        }
    }

    /// The instance, if it is the one of this stack.
    public func instance(_ id: InstanceID) throws -> Instance? {
        try describe("DescribeInstances", id.text) { world in
            // Just after a change the service may not know an instance yet: no proof of absence.
            let isHidden =
                world.takeFault(.describe) { $0.value == "InvalidInstanceID.NotFound" } != nil
            return world.instance.id == id && !isHidden ? world.instance.view : nil
        }
    }

    /// Its checks: passed once it has booted, unless a fault says otherwise.
    public func statusChecks(_ id: InstanceID) throws -> StatusChecks? {
        try describe("DescribeInstanceStatus", id.text) { world in
            guard world.instance.id == id, world.instance.state == .running else { return nil }
            let word = world.instance.failedCheck ?? (world.machine.isUp ? "ok" : "initializing")
            return StatusChecks(system: "ok", instance: word)
        }
    }

    /// What a type is, from the catalogue.
    public func instanceType(_ type: InstanceType) throws -> InstanceTypeFacts? {
        try describe("DescribeInstanceTypes", type.text) { _ in InstanceTypeCatalogue.facts(type) }
    }

    /// Whether a zone has a type.
    public func isOffered(_ type: InstanceType, zone: String) throws -> Bool {
        try describe("DescribeInstanceTypeOfferings", type.text) { _ in
            InstanceTypeCatalogue.isOffered(type, zone: zone)
        }
    }

    /// Whether stop protection is on.
    public func isStopProtected(_ id: InstanceID) throws -> Bool? {
        try describe("DescribeInstanceAttribute", id.text) { world in
            try Self.require(id, world)
            return world.instance.isStopProtected
        }
    }

    /// Whether it is that of the instance, and stays with it.
    public func isElasticIP(_ address: String) throws -> Bool {
        try describe("DescribeAddresses", address) { world in
            world.instance.hasElasticIP && world.instance.publicIP == address
        }
    }

    /// No instance of the sandbox is in a placement group.
    public func placementStrategy(_ group: String) throws -> String? {
        try describe("DescribePlacementGroups", group) { _ in
            throw Diagnostic(
                "InvalidPlacementGroup.Unknown",
                "The placement group \(VisibleText.quoted(group)) is unknown."
            )
        }
    }

    /// The kind of the stack's own Spot request.
    public func spotRequestType(_ id: String) throws -> String? {
        try describe("DescribeSpotInstanceRequests", id) { world in
            switch world.instance.purchase {
            case .onDemand: nil
            case .oneTimeSpot: "one-time"
            case .persistentSpot: "persistent"
            }
        }
    }

    /// The simulated cloud has no price list.
    public func onDemandPrice(_ type: InstanceType) throws -> OnDemandPrice? { nil }

    /// A usual quota, and this one instance.
    public func usage(of quota: VCPUQuota) throws -> QuotaUsage {
        try describe("GetServiceQuota", quota.rawValue) { world in
            let type = world.instance.type
            let own = InstanceTypeCatalogue.facts(type)?.vcpus ?? 0
            let used = VCPUQuota(type: type.text) == quota ? own : 0
            switch world.takeFault(.quota)?.value {
            case "reached": return QuotaUsage(limit: used, used: used)
            case let code?: throw Self.refusal(code, "GetServiceQuota")
            case nil: return QuotaUsage(limit: 64, used: used)
            }
        }
    }

    /// Calls take no time.
    public func another() throws -> (any Cloud)? { nil }

    /// Asks the instance to stop; the host goes down with it.
    public func stop(_ id: InstanceID, force: Bool) throws {
        try request("StopInstances", id.text) { world in
            try Self.require(id, world)
            let fault = world.takeFault(.stop)?.value
            if let fault, fault != "stuck" { throw Self.refusal(fault, "StopInstances") }
            let seconds = fault == "stuck" ? nil : world.durations.stop
            if force { world.instance.cutOff(at: world.time, taking: world.durations.stop) }
            if try world.instance.stop(at: world.time, taking: seconds) { world.powerOff() }
        }
    }

    /// Asks the instance to start.
    public func start(_ id: InstanceID) throws {
        try request("StartInstances", id.text) { world in
            try Self.require(id, world)
            let type = world.instance.type.text
            if world.instance.state == .stopped, world.instance.isBarred {
                throw Self.refusal("ReservationCapacityExceeded", "StartInstances")
            }
            let fault =
                world.instance.state == .stopped && !world.instance.isHeld
                ? world.takeFault(.start) { $0.subject == nil || $0.subject == type }?.value : nil
            let isAsynchronous = fault?.hasPrefix("Server.") ?? false
            if let fault, fault != "stuck", !isAsynchronous {
                throw Self.refusal(fault, "StartInstances of a \(type)")
            }
            try world.instance.start(
                at: world.time,
                taking: fault == "stuck" ? nil : world.durations.start,
                asynchronousFailure: isAsynchronous ? fault : nil
            )
        }
    }

    /// Changes the type of the stopped instance.
    public func setType(_ id: InstanceID, to type: InstanceType) throws {
        try request("ModifyInstanceAttribute", type.text) { world in
            try Self.require(id, world)
            if let fault = world.takeFault(
                .modify,
                { $0.subject == nil || $0.subject == type.text }
            ) {
                throw Self.refusal(fault.value, "ModifyInstanceAttribute to \(type)")
            }
            try world.instance.setType(type)
        }
    }

    /// The file system, if it is the one of this stack.
    public func fileSystem(_ id: FileSystemID) throws -> FileSystemFacts? {
        try request("DescribeFileSystems", id.text) { world in
            guard world.storage.id == id else { return nil }
            return FileSystemFacts(id: id, lifeCycleState: world.storage.state)
        }
    }

    /// Its one mount target.
    public func mountTargets(_ id: FileSystemID) throws -> [MountTarget] {
        try request("DescribeMountTargets", id.text) { world in
            guard world.storage.id == id else {
                throw Self.refusal("FileSystemNotFound", "DescribeMountTargets of \(id)")
            }
            let fault = world.takeFault(.target)?.value
            guard fault != "missing" else { return [] }
            return [
                MountTarget(
                    id: world.storage.targetID,
                    zone: world.instance.zone,
                    subnetID: world.instance.subnetID,
                    lifeCycleState: fault ?? world.storage.targetState,
                    ipAddress: world.storage.targetIP
                )
            ]
        }
    }

    /// The agent: online from the end of boot to the stop.
    public func agent(_ id: InstanceID) throws -> AgentFacts? {
        try request("DescribeInstanceInformation", id.text) { world in
            guard world.instance.id == id else { return nil }
            // Too many commands say nothing of the agent.
            let isHit = { (fault: SandboxFault) in !ErrorClass.isThrottle(fault.value) }
            let isOnline = world.machine.isUp && world.takeFault(.agent, isHit) == nil
            return AgentFacts(
                pingStatus: isOnline ? "Online" : "ConnectionLost",
                version: "3.3.987.0"
            )
        }
    }

    /// One logical request: throttling and server faults are tried again, as the AWS client does.
    func request<Result>(
        _ operation: String,
        _ subject: String? = nil,
        _ body: (inout SandboxWorld) throws -> Result
    ) throws -> Result {
        var attempt = 1
        while true {
            do {
                return try store.serve(operation, subject, body)
            } catch let error as Diagnostic
                where Self.transient.contains(error.code) && attempt < Self.attempts
            {
                try store.clock.sleep(Self.pause * Double(attempt), store.cancellation)
                attempt += 1
            }
        }
    }

    private func describe<Result>(
        _ operation: String,
        _ subject: String,
        _ body: (inout SandboxWorld) throws -> Result
    ) throws -> Result {
        try request(operation, subject) { world in
            if let fault = world.takeFault(
                .describe,
                { $0.value != "InvalidInstanceID.NotFound" }
            ) {
                throw Self.refusal(fault.value, operation)
            }
            return try body(&world)
        }
    }

    static func require(_ id: InstanceID, _ world: SandboxWorld) throws {
        guard world.instance.id == id else {
            throw Diagnostic(
                "InvalidInstanceID.NotFound",
                "The instance ID '\(id)' does not exist."
            )
        }
    }

    static func refusal(_ code: String, _ what: String) -> Diagnostic {
        Diagnostic(code, "\(what) was refused with \(code).", detail: "A sandbox fault is set.")
    }
}
