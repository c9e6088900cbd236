// What time brings about by itself.

extension SandboxWorld {
    /// Lets everything happen that is due, in the order in which it is due.
    mutating func advance(to now: Timestamp) {
        while let next = [
            instance.transition?.at, machine.bootAt, machine.mountAt, machine.tickAt,
        ]
        .compactMap({ $0 }).min(), next <= now {
            time = max(time, next)
            if let transition = instance.transition, transition.at == next {
                finish(transition)
            } else if machine.bootAt == next {
                boot(at: next)
            } else if machine.mountAt == next {
                machine.mountAt = nil
                machine.mount = SandboxMount(nil)
            } else {
                progressSteps()
            }
        }
        time = max(time, now)
    }

    private mutating func finish(_ transition: SandboxInstance.Transition) {
        instance.transition = nil
        instance.state = transition.state
        if let reason = transition.reason { instance.stateReason = reason }
        switch transition.state {
        case .running:
            instance.takeAddress()
            // What EC2 finds impaired never comes as far as its agent.
            instance.failedCheck = takeFault(.status, isForThisType)?.value
            guard instance.failedCheck == nil else { break }
            machine.bootAt = transition.at.adding(seconds: durations.boot)
        case .stopped:
            instance.failedCheck = nil
            if !instance.hasElasticIP { instance.publicIP = nil }
            guard instance.view.autoScalingGroup != nil else { break }
            // A stopped member counts as unhealthy and is terminated (EC2 Auto Scaling user guide).
            instance.transition = .init(
                state: .terminated,
                at: transition.at.adding(seconds: durations.stop),
                reason: "Client.UserInitiatedShutdown"
            )
        case .terminated: instance.publicIP = nil
        case .pending, .shuttingDown, .stopping: break
        }
    }

    private func isForThisType(_ fault: SandboxFault) -> Bool {
        fault.subject == nil || fault.subject == instance.type.text
    }

    /// fstab first, then docker, which starts what its restart policies say.
    private mutating func boot(at time: Timestamp) {
        machine.bootAt = nil
        machine.isUp = true
        let condition = takeFault(.efs)?.mountCondition
        machine.mount = SandboxMount(condition)
        if condition == .late { machine.mountAt = time.adding(seconds: durations.lateMount) }
        for index in machine.containers.indices {
            let container = machine.containers[index]
            let policy = container.restartPolicy
            guard container.order == .exited, container.isHeld != true,
                policy == "always" || (policy == "unless-stopped" && !container.wasStoppedByHand)
            else { continue }
            machine.startedByBoot += 1
            startContainer(index)
        }
    }

    /// The machine goes down: processes and scripts end, nothing is mounted any more.
    mutating func powerOff() {
        damageData()
        machine.isUp = false
        machine.bootAt = nil
        machine.mountAt = nil
        machine.mount = nil
        machine.tickAt = nil
        for (name, step) in machine.steps where step.isRunning {
            machine.steps[name]?.wasCutShort = true
        }
        for index in machine.containers.indices where machine.containers[index].order == .running {
            machine.containers[index].order = .exited
        }
    }
}
