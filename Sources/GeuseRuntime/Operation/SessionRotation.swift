extension Session {
    /// Gives a service's role in the database a new password that is made on the host and stays there.
    ///
    /// The host proves it on a role of its own, sets it, writes it into the environment file, and makes
    /// the service anew; then the service has to be well and to have logged in with it. Until the run
    /// ends the host keeps the old one, so that the undo can put it back.
    public func rotateCredentials(of service: ServiceName) throws {
        try refuseAfterFailure()
        try requireNoWindow("Credentials cannot be rotated inside a window.")
        let target = try planned(service)
        try requireBackup()
        try begin(.rotateCredentials(target))
        try markUpdating()
        let hadChanged = hasChanged
        hasChanged = true
        rotation = target
        let name = "the database password of \(service)"
        do {
            let evidence = try rotate(
                target,
                .rotate,
                "rotate \(name), make \(service) anew",
                inverse: "give the role its old password, put the environment file back"
            )
            // A run that goes on after a kill, and whose checkpoint came after this.
            if evidence.standing == .ended {
                hasChanged = hadChanged
                rotation = nil
                changes.append("credentials of \(service) rotated")
                return
            }
            if !evidence.provenBefore {
                warnings.append(
                    "The role of \(service) may not make others: the new password was proven on itself."
                )
            }
        } catch let error as Diagnostic where error.kind == .refused {
            // The host refused before it touched anything.
            hasChanged = hadChanged
            rotation = nil
            throw error
        }
        if servicesDownSince == nil { servicesDownSince = edges.clock.monotonic() }
        guard let project = facts.host?.project else { throw fail(Rehearsal.unreachable()) }
        var request = applyRequest(project)
        request.services = [service]
        // What it depends on reads the same file, and would be made anew with it.
        request.alone = true
        _ = try apply(
            request,
            title: "prove EFS, wait for the health of \(service)",
            last: false,
            inverse: nil
        )
        _ = try rotate(
            target,
            .confirm,
            "see \(service) log in with the new password",
            inverse: nil
        )
        changes.append("credentials of \(service) rotated")
    }

    /// Has the host forget the old password: the run has done what it should.
    func endRotation() {
        guard let target = rotation else { return }
        isBeyondUndo = true
        do {
            _ = try rotate(target, .end, "forget the old password", inverse: nil, last: isAtEnd)
            rotation = nil
            if isAtEnd { leaseEnded() }
        } catch {
            // The new one is in force and seen to work; what is left over is a file for root alone.
            failure = nil
            warnings.append(
                "The old password is still kept on the host (\(Self.diagnostic(error).code)); remove "
                    + "/var/lib/geusemaker/rotations/\(run) there."
            )
        }
    }

    /// Puts the old password back, in the files and in the database, if a rotation was begun since the
    /// run did, or since its last checkpoint.
    func undoRotation() throws {
        guard let target = rotation else { return }
        let title = "put the old password back"
        let evidence = try rotate(target, .undo, title, inverse: nil)
        rotation = nil
        guard evidence.standing == .ended else { return }
        let warning =
            "The rotation of the credentials of \(target.service) had been finished: the new password "
            + "stays."
        warnings.append(warning)
        edges.observer.observe(.warning(warning))
    }

    /// One part of a rotation.
    private func rotate(
        _ target: CredentialTarget,
        _ phase: RotationRequest.Phase,
        _ title: String,
        inverse: String?,
        last: Bool = false
    ) throws -> RotationEvidence {
        guard let project = (facts.host ?? before.host)?.project else {
            throw fail(Rehearsal.unreachable())
        }
        let base = applyRequest(project)
        let request = RotationRequest(
            project: project,
            storage: base.storage,
            networkTypes: base.networkTypes,
            target: target,
            phase: phase,
            timeout: settings.healthTimeout
        )
        return try effect("rotation-\(phase.rawValue)", title: title, inverse: inverse) { step in
            try whenReachable {
                try edges.host.rotateCredentials(leased(step, last: last), request)
            }
        }
    }

    /// The target of the next rotation in the plan; nothing is looked up a second time.
    private func planned(_ service: ServiceName) throws -> CredentialTarget {
        for step in plan.steps.dropFirst(cursor) {
            if case .rotateCredentials(let target) = step, target.service == service {
                return target
            }
        }
        guard let host = facts.host else { throw fail(Rehearsal.unreachable()) }
        // One that was not planned: `begin` stops it, or somebody allows it.
        return try Rehearsal.credential(of: service, host)
    }
}

extension Plan {
    /// The rotation that may have been begun behind the last checkpoint of that name; all of the plan
    /// for nil.
    func rotation(after checkpoint: String?) -> CredentialTarget? {
        for step in steps(after: checkpoint) {
            if case .rotateCredentials(let target) = step { return target }
        }
        return nil
    }
}
