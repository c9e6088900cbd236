// What EC2 lets happen to an instance, and what it answers otherwise (EC2 API reference, "Error codes";
// user guide, "Instance lifecycle").

extension SandboxInstance {
    private func refusal(_ code: String, _ summary: String) -> Diagnostic {
        Diagnostic(code, summary, detail: "\(id) is \(state.rawValue).")
    }

    private func wrongState(_ verb: String) -> Diagnostic {
        refusal(
            "IncorrectInstanceState",
            "The instance '\(id)' is not in a state from which it can be \(verb)."
        )
    }

    /// StopInstances.
    ///
    /// - Parameters:
    ///   - time: now.
    ///   - seconds: how long it takes; nil when it gets stuck on the way.
    /// - Returns: whether this request began a stop.
    /// - Throws: `Diagnostic` with EC2's code.
    mutating func stop(at time: Timestamp, taking seconds: Double?) throws -> Bool {
        if state == .stopping || state == .stopped { return false }
        guard !isStopProtected else {
            throw refusal(
                "OperationNotPermitted",
                "The instance '\(id)' may not be stopped. Modify its 'disableApiStop' attribute."
            )
        }
        guard purchase != .oneTimeSpot else {
            throw refusal(
                "UnsupportedOperation",
                "You can't stop the Spot Instance '\(id)': it is of a one-time Spot request."
            )
        }
        guard state == .running else { throw wrongState("stopped") }
        state = .stopping
        stateReason = "Client.UserInitiatedShutdown"
        transition = seconds.map { .init(state: .stopped, at: time.adding(seconds: $0)) }
        return true
    }

    /// StopInstances with `Force`, of one whose stop does not come to its end.
    mutating func cutOff(at time: Timestamp, taking seconds: Double) {
        guard state == .stopping, transition == nil else { return }
        transition = .init(state: .stopped, at: time.adding(seconds: seconds))
    }

    /// StartInstances.
    ///
    /// - Parameters:
    ///   - time: now.
    ///   - seconds: how long it takes; nil when it gets stuck on the way.
    ///   - asynchronousFailure: the state reason with which it falls back to stopped, if it does.
    /// - Throws: `Diagnostic` with EC2's code.
    mutating func start(
        at time: Timestamp,
        taking seconds: Double?,
        asynchronousFailure: String?
    ) throws {
        if state == .pending || state == .running { return }
        guard state == .stopped else { throw wrongState("started") }
        guard InstanceTypeCatalogue.isOffered(type, zone: zone) else {
            throw refusal(
                "Unsupported",
                "Your requested instance type (\(type)) is not supported in your requested "
                    + "Availability Zone (\(zone))."
            )
        }
        state = .pending
        stateReason = nil
        launchTime = time
        transition = seconds.map {
            Transition(
                state: asynchronousFailure == nil ? .running : .stopped,
                at: time.adding(seconds: $0),
                reason: asynchronousFailure
            )
        }
    }

    /// ModifyInstanceAttribute with an instance type.
    mutating func setType(_ new: InstanceType) throws {
        guard state == .stopped else { throw wrongState("modified") }
        guard let facts = InstanceTypeCatalogue.facts(new) else {
            throw refusal(
                "InvalidInstanceAttributeValue",
                "Invalid value '\(new)' for InstanceType."
            )
        }
        guard facts.architectures.contains(architecture) else {
            throw refusal(
                "InvalidInstanceAttributeValue",
                "The architecture '\(architecture)' of the instance does not match '\(new)'."
            )
        }
        guard enaSupport || facts.ena != "required" else {
            throw refusal(
                "InvalidParameterCombination",
                "Enhanced networking with the Elastic Network Adapter (ENA) is required for the "
                    + "'\(new)' instance type."
            )
        }
        type = new
    }
}
