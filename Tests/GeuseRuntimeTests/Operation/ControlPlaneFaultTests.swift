import Testing

@testable import GeuseRuntime

/// What EC2 refuses in the middle of an update, by its code.
@Suite("A refusal of EC2")
struct ControlPlaneFaultTests {
    @Test(
        "of the type is permanent: asked once, and the old type runs again",
        arguments: ["InvalidInstanceAttributeValue", "InvalidParameterValue", "Unsupported"]
    )
    func modify(_ code: String) throws {
        let update = try FaultedUpdate(["modify=\(code)@t3.large"])
        try update.expectUndone(code)
        #expect(update.count("ModifyInstanceAttribute") == 1)
        #expect(update.count("StartInstances") == 1)
    }

    @Test(
        "of the start is permanent: the old type is set and started",
        arguments: ["Unsupported", "VcpuLimitExceeded", "UnauthorizedOperation"]
    )
    func start(_ code: String) throws {
        let update = try FaultedUpdate(["start=\(code)@t3.large"])
        try update.expectUndone(code)
        #expect(update.count("ModifyInstanceAttribute") == 2)
        #expect(update.count("StartInstances") == 2)
    }

    @Test(
        "of the start as one type leaves the types after it, whichever refusal comes first",
        arguments: ["Unsupported", "VcpuLimitExceeded", "InsufficientInstanceCapacity"],
        ["Unsupported", "VcpuLimitExceeded"]
    )
    func fallbackUnsupported(_ first: String, _ second: String) throws {
        let update = try FaultedUpdate(
            ["start=\(first)@t3.large", "start=\(second)@t3.xlarge"],
            fallback: ["t3.xlarge", "t3.2xlarge"]
        )
        try update.expectDone(type: "t3.2xlarge")
        let why =
            first == "InsufficientInstanceCapacity"
            ? "There was no capacity for t3.large" : "t3.large could not be started (\(first))"
        #expect(update.warnings == ["\(why); t3.2xlarge was taken instead."])
        let none = try FaultedUpdate(
            ["start=\(first)@t3.large", "start=\(second)@t3.xlarge"],
            fallback: ["t3.xlarge"]
        )
        try none.expectUndone(second)
    }

    @Test("of a start that came before the new type was seen everywhere passes")
    func launchPlan() throws {
        try FaultedUpdate(["start=launch_plan_mismatch@t3.large*4"]).expectDone()
        let update = try FaultedUpdate(["start=launch_plan_mismatch@t3.large"])
        try update.expectUndone("launch_plan_mismatch")
        #expect((250...400).contains(update.seconds))
    }

    @Test(
        "of the stop leaves the instance running, and the services come back",
        arguments: ["OperationNotPermitted", "UnsupportedOperation", "UnauthorizedOperation"]
    )
    func stop(_ code: String) throws {
        let update = try FaultedUpdate(["stop=\(code)"])
        try update.expectUndone(code)
        #expect(update.count("StopInstances") == 1)
        #expect(update.count("StartInstances") == 0)
    }

    @Test(
        "because of its state is looked into and asked again",
        arguments: [
            "stop=IncorrectInstanceState*2", "modify=IncorrectInstanceState*1",
            "start=IncorrectInstanceState*1",
        ]
    )
    func wrongState(_ fault: String) throws { try FaultedUpdate([fault]).expectDone() }

    @Test("because of its state that stays is undone")
    func wrongStateForEver() throws {
        let update = try FaultedUpdate(["stop=IncorrectInstanceState"])
        try update.expectUndone("IncorrectInstanceState")
        #expect(update.count("StopInstances") == 4)
    }

    @Test("because it is there already is no failure")
    func alreadyThere() throws {
        let fixture = try StackFixture()
        let session = try fixture.session(
            try fixture.plan { try $0.resize(InstanceType(unchecked: "t3.large"), fallback: []) }
        )
        // Somebody else stops it at the same moment.
        try fixture.sandbox.cloud(fixture.name).stop(fixture.target().instance)
        try fixture.fault("stop=IncorrectInstanceState")
        try session.stopInstance()
        #expect(session.facts.instance.state == .stopped)
    }

    @Test(
        "that knows no such instance is no proof of absence",
        arguments: ["describe", "stop", "modify", "start"]
    )
    func eventualConsistency(_ kind: String) throws {
        try FaultedUpdate(["\(kind)=InvalidInstanceID.NotFound*5"]).expectDone()
    }

    @Test("that knows no such instance for five minutes is one, and needs attention")
    func gone() throws {
        let update = try FaultedUpdate(["describe=InvalidInstanceID.NotFound"])
        _ = try update.expectLeft("instance_not_found")
        #expect((600...700).contains(update.seconds))
        try update.expectRecoverable()
    }

    @Test(
        "for too many requests is waited out",
        arguments: [
            "describe=RequestLimitExceeded*9", "stop=RequestLimitExceeded*9",
            "modify=Unavailable*9", "start=InternalError*9",
        ]
    )
    func throttled(_ fault: String) throws { try FaultedUpdate([fault]).expectDone() }

    @Test("for too many requests that never ends is undone")
    func throttledForEver() throws {
        let update = try FaultedUpdate(["stop=RequestLimitExceeded"])
        try update.expectUndone("RequestLimitExceeded")
        // Pauses grow to 15 s, and none is begun that would end after the minute.
        #expect((44...120).contains(update.seconds))
    }

    @Test(
        "by its status checks is waited out for ten minutes, then undone",
        arguments: ["impaired", "initializing", "insufficient-data"],
        [true, false]
    )
    func statusChecks(_ word: String, _ usesAgent: Bool) throws {
        let update = try FaultedUpdate(["status=\(word)@t3.large"], usesAgent: usesAgent)
        try update.expectUndone("status_checks_failed")
        #expect(update.error?.detail?.contains("instance \(word)") == true)
        #expect((600...720).contains(update.seconds))
        #expect(update.count("StartInstances") == 2)
    }

    @Test("by the status checks of the old type too is left to recover")
    func statusChecksForEver() throws {
        let update = try FaultedUpdate(["status=impaired"])
        let left = try update.expectLeft("status_checks_failed")
        #expect(left.detail?.contains("status checks") == true)
        try update.expectServicesDown()
        try update.expectRecoverable()
    }

    @Test(
        "because the credentials ended in mid-run changes nothing more, and is left to recover",
        arguments: ["ExpiredToken", "RequestExpired"]
    )
    func expired(_ code: String) throws {
        // The stop is the last request that they hold for.
        let update = try FaultedUpdate(["describe=\(code)"])
        _ = try update.expectLeft(code)
        #expect(update.count("StopInstances") == 1)
        #expect(update.count("ModifyInstanceAttribute") == 0)
        #expect(update.count("StartInstances") == 0)
        try update.expectServicesDown()
        try update.expectRecoverable()
    }

    @Test("A stop that never ends is forced when a person says so, and the update goes on")
    func forced() throws {
        let update = try FaultedUpdate(["stop=stuck*1"], answers: [true])
        try update.expectDone()
        let id = try update.fixture.target().instance
        #expect(update.person.decisions == [.forceStop(id, after: 600)])
        #expect(update.count("StopInstances") == 2)
        #expect((600...700).contains(update.seconds))
    }

    @Test("A stop that never ends is not forced by itself; the message tells how it would be")
    func stuck() throws {
        let update = try FaultedUpdate(["stop=stuck*1"])
        let left = try update.expectLeft("stop_stuck")
        let force = "aws ec2 stop-instances --force --instance-ids \(update.before.instance.id)"
        #expect(update.error?.detail?.contains(force) == true)
        #expect(left.detail?.contains(force) == true)
        #expect(update.count("StopInstances") == 1)
        // Ten minutes for the update, ten more for the undo.
        #expect((1200...1400).contains(update.seconds))
    }

    @Test(
        "that can be foreseen comes before the question, with nothing touched",
        arguments: [
            ("one-time", "spot_instance"), ("persistent", "spot_instance"),
            ("protected", "stop_protected"), ("member", "auto_scaling_member"),
            ("target=missing", "efs_no_mount_target"),
            ("target=creating", "efs_mount_target_not_available"),
            ("efs=read-only:now", "efs_read_only"), ("efs=hung:now", "efs_hung"),
            ("efs=stale:now", "efs_stale"),
            ("efs=missing:now", "efs_not_mounted"), ("efs=wrong:now", "efs_wrong_file_system"),
        ]
    )
    func foreseen(_ what: String, _ code: String) throws {
        var options = SandboxOptions()
        switch what {
        case "one-time": options.purchase = .oneTimeSpot
        case "persistent": options.purchase = .persistentSpot
        case "protected": options.isStopProtected = true
        case "member": options.autoScalingGroup = "group"
        default: break
        }
        let fixture = try StackFixture(options)
        if what.contains("=") {
            try fixture.fault(what)
        }
        let error = #expect(throws: Diagnostic.self) {
            try fixture.plan { try $0.resize(InstanceType(unchecked: "t3.large"), fallback: []) }
        }
        #expect(error?.code == code)
        #expect(error?.kind == .refused)
        let changing = Set(SandboxRequest.changing)
        #expect(try fixture.requests().allSatisfy { !changing.contains($0) })
    }
}
