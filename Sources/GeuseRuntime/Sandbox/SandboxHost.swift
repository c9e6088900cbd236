/// The host of one simulated stack.
public final class SandboxHost: Host {
    let store: SandboxStore

    init(_ store: SandboxStore) { self.store = store }

    /// Reads everything; a mount that hangs costs the probe's time limit.
    public func inspect(_ request: HostInspection) throws -> HostFacts {
        let (facts, probe) = try store.serve("host.inspect") { world in
            try world.requireAgent()
            var facts = try world.hostFacts(request)
            facts.registry = request.images.map { world.lookUp($0) }
            return (facts, world.durations.probe)
        }
        if facts.storage.answer == .hung { try store.clock.sleep(probe, store.cancellation) }
        return facts
    }

    /// Saves the compose file twice and the nonce; on a mount that is not there nothing is written.
    public func secure(_ step: HostStep, _ request: SecureRequest) throws -> SecureEvidence {
        try once(step, "host.secure") { world in
            let bytes = try world.composeBytes(request.project)
            guard SandboxDigest.hex(bytes) == request.project.sha256 else {
                throw SandboxProof.refused(
                    "compose_changed",
                    "The compose file changed since it was read."
                )
            }
            // As on a real host, a second backup of the run never takes the place of the first.
            let sum = request.project.sha256.prefix(16)
            let place = "backups/\(step.run)/docker-compose.\(sum).yml"
            let backup = "/var/lib/geusemaker/\(place)"
            world.machine.files[backup] = FileBytes(bytes)
            try world.requireWritableMount(request.mountPoint)
            world[file: "\(request.mountPoint)/.geusemaker/\(place)"] = FileBytes(bytes)
            world[file: SandboxWorld.noncePath] = FileBytes(request.nonce)
            world.machine.keepImages(request.images, of: step.run)
            let dumps = try world.takeDumps(request, of: step.run)
            return (
                SecureEvidence(
                    composeBackup: backup,
                    sha256: world.machine.files[backup]?.sha256 ?? "",
                    nonceRead: world[file: SandboxWorld.noncePath]?.text == request.nonce,
                    dumps: dumps
                ), 0
            )
        }
    }

    /// Pulls images; those that the host has already take no time.
    public func pull(_ step: HostStep, _ images: [ImageReference]) throws -> [PulledImage] {
        try once(step, "host.pull") { world in
            let known = Set(world.machine.images.map(\.imageID))
            let pulled = try images.map { try world.pull($0) }
            let fresh = Set(pulled.map(\.imageID)).subtracting(known)
            let results = zip(images, pulled).map { reference, image in
                var found = PulledImage(
                    reference: reference,
                    imageID: image.imageID,
                    digest: image.digest,
                    architecture: image.architecture
                )
                if image.repository == "postgres" {
                    found.postgresMajor = ProgramVersion(image.tag)?.postgresMajor
                }
                if ["qdrant/qdrant", "n8nio/n8n"].contains(image.repository) {
                    found.version = image.tag
                }
                return found
            }
            return (results, Double(fresh.count) * world.durations.pull)
        }
    }

    /// Stops every service by hand, so that a boot leaves it stopped.
    public func stopServices(
        _ step: HostStep,
        _ project: ComposeProject,
        recordingDataAt mountPoint: String?
    ) throws -> DataFacts? {
        // A marker has to have evidence, even where no data was asked for.
        let seen: [DataFacts] = try once(step, "host.stop") { world in
            _ = try world.composeBytes(project)
            let isRunning = world.machine.containers.contains { $0.order == .running }
            world.stopContainers()
            let data = mountPoint == nil ? [] : [world.recordData(of: step.run)]
            return (data, isRunning ? world.durations.serviceStop : 0)
        }
        return seen.first
    }

    /// Proves the mount, edits, brings up and waits; the world is free for others while it waits.
    public func apply(_ step: HostStep, _ request: ApplyRequest) throws -> ApplyEvidence {
        let name = step.description
        try store.serve("host.apply", name) { world in
            try world.requireAgent()
            guard world.machine.steps[name] == nil else { return }
            try world.take(step)
            try world.beginApply(step, request)
        }
        while true {
            let evidence: ApplyEvidence? = try store.change { world in
                try world.machine.steps[name]?.outcome(step.id)
            }
            guard let evidence else {
                try store.clock.sleep(SandboxWorld.tick, store.cancellation)
                continue
            }
            if evidence.storage.answer == .hung {
                try store.clock.sleep(try store.read().durations.probe, store.cancellation)
            }
            return evidence
        }
    }

    /// Puts data back from dumps, or takes that back.
    public func restoreData(_ step: HostStep, _ request: DataRestoreRequest) throws -> [KeptData] {
        try once(step, "host.restore") { world in
            (try world.restoreData(request, of: step.run), world.durations.serviceStop)
        }
    }

    /// Runs a command, as far as a simulated host has programs.
    public func exec(_ step: HostStep, _ project: ComposeProject, _ command: HostCommand) throws
        -> CommandEvidence
    {
        try once(step, "host.exec") { world in
            let evidence = try world.exec(command)
            return (evidence, evidence.code == 0 ? world.durations.serviceStop : 0)
        }
    }

    /// Removes superseded images.
    public func prune(_ step: HostStep, _ request: PruneRequest) throws -> [String] {
        try once(step, "host.prune") { world in (try world.prune(request), 0) }
    }

    /// Does one part of a rotation; the password of the role lies with the database's own data.
    public func rotateCredentials(
        _ step: HostStep,
        _ request: RotationRequest
    ) throws -> RotationEvidence {
        try once(step, "host.rotate") { world in
            _ = try world.composeBytes(request.project)
            let evidence = try world.rotate(step.run, request)
            return (evidence, evidence.standing == .rotated ? world.durations.serviceStop : 0)
        }
    }

    /// Takes the lease, or gives it back.
    public func lease(_ step: HostStep) throws {
        let _: Bool = try once(step, "host.lease") { _ in (true, 0) }
    }

    /// Does a step unless its marker is there; the work is done at once, its duration passes after it.
    private func once<Evidence: WorldValue>(
        _ step: HostStep,
        _ operation: String,
        _ body: (inout SandboxWorld) throws -> (Evidence, seconds: Double)
    ) throws -> Evidence {
        let (evidence, seconds) = try store.serve(operation, step.description) { world in
            try world.requireAgent()
            if let marker = world.machine.steps[step.description] {
                guard let evidence: Evidence = try marker.outcome(step.id) else {
                    throw unreadableWorld("step \(step) is of another kind")
                }
                return (evidence, 0.0)
            }
            try world.take(step)
            var marker = SandboxStep(began: world.time)
            defer { world.machine.steps[step.description] = marker }
            do {
                let (evidence, seconds) = try body(&world)
                marker.evidence = evidence.worldJSON
                if step.endsLease { world.machine.lease.holder = nil }
                return (evidence, seconds)
            } catch let error as Diagnostic {
                marker.refusal = error
                throw error
            }
        }
        if seconds > 0 { try store.clock.sleep(seconds, store.cancellation) }
        return evidence
    }
}

extension SandboxWorld {
    /// The host can only be reached while it is up and its agent is connected.
    mutating func requireAgent() throws {
        guard machine.isUp else {
            throw Diagnostic(
                "InvalidInstanceId",
                "Instances [[\(instance.id)]] not in a valid state for the account.",
                detail: "The instance is \(instance.state.rawValue) and its agent is not online."
            )
        }
        if let fault = takeFault(.agent) {
            throw Diagnostic(
                fault.value == "offline" ? "host_unreachable" : fault.value,
                "The agent on \(instance.id) does not answer.",
                detail: "The command could not be delivered."
            )
        }
    }

    /// The mount has to be there, writable and answering before anything is written on it.
    func requireWritableMount(_ mountPoint: String) throws {
        guard mountPoint == SandboxMachine.mountPoint, let mount = machine.mount else {
            throw SandboxProof.refused("efs_not_mounted", "Nothing is mounted at \(mountPoint).")
        }
        guard mount.isReadWrite else {
            throw SandboxProof.refused("efs_read_only", "\(mountPoint) is mounted read-only.")
        }
        guard !mount.isStale else {
            throw SandboxProof.refused("efs_stale", "\(mountPoint) has a stale file handle.")
        }
        guard !mount.isHung else {
            throw SandboxProof.refused(
                "efs_hung",
                "\(mountPoint) does not answer within its time limit."
            )
        }
    }
}
