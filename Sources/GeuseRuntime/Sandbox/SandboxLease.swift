// The lease of the simulated host; the same rules as in the scripts for a real one.

extension SandboxWorld {
    /// Takes or renews the lease of a step that was not made before, unless another step is at work.
    mutating func take(_ step: HostStep) throws {
        if let name = machine.steps.first(where: { $0.value.isRunning })?.key {
            throw Diagnostic(
                "host_locked",
                "Another step is at work on the host.",
                detail: "It is \(name). This step changed nothing.",
                hint: "Wait until it has ended.",
                kind: .locked
            )
        }
        let held = machine.lease
        let isMine = held.holder?.run == step.run
        if step.lease.fence < held.fence { throw superseded(step) }
        if !isMine {
            if let holder = held.holder, holder.run != step.replaces {
                throw HostFailure.leased(by: holder)
            }
            guard step.lease.fence > held.fence else { throw superseded(step) }
        }
        machine.lease = HostLeaseFacts(
            fence: step.lease.fence,
            holder: step.lease,
            heartbeat: time
        )
    }

    private func superseded(_ step: HostStep) -> Diagnostic {
        HostFailure.leaseLost(step.description)
    }
}

extension HostLease: WorldRecord {
    static var blank: Self {
        .init(
            fence: 0,
            run: RunID(unchecked: ""),
            user: "",
            machine: "",
            process: 0,
            since: Timestamp(microseconds: 0)
        )
    }
    static var fields: [WorldField<Self>] {
        [
            .init("fence", \.fence), .init("run", \.run), .init("user", \.user),
            .init("machine", \.machine), .init("process", \.process), .init("since", \.since),
        ]
    }
}

extension HostLeaseFacts: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("fence", \.fence), .init("holder", \.holder), .init("heartbeat", \.heartbeat),
        ]
    }
}
