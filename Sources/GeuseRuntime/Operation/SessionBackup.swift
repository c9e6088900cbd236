extension Session {
    /// Saves the compose file and a nonce on the host, then the state, and reads all of it back.
    public func backup(label: BackupLabel?) throws -> JSONValue {
        try refuseAfterFailure()
        try begin(.backup(label: label))
        let saved = try effect(
            "backup",
            title: recovery == nil && !plan.dumps.isEmpty
                ? "back up state, compose file and EFS nonce, dump the data"
                : "back up state, compose file and EFS nonce",
            inverse: nil
        ) { step in
            try edges.record.backup(label: label, secure(step))
        }
        if isAtEnd { leaseEnded() }
        // The first backup of a run is the one that a failure goes back to.
        if recovery == nil, let evidence = saved.evidence {
            recovery = try RecoveryPoint(evidence)
            backupPath = saved.entry.path
        }
        return [
            "id": .string(saved.entry.id), "path": .string(saved.entry.path),
            "label": label.map { .string($0.text) } ?? .null,
        ]
    }

    /// Saves the compose file and the run's nonce on the host; the evidence of what ran.
    ///
    /// A run writes one and the same nonce with each of its backups: killed at any moment, the mount
    /// can still be proven with the nonce of whichever backup the journal names.
    func secure(_ step: StepID) throws -> BackupEvidence {
        guard let host = facts.host else { throw Rehearsal.unreachable() }
        let nonce = nonce ?? Self.makeNonce()
        let request = SecureRequest(
            project: host.project,
            mountPoint: target.mountPoint,
            nonce: nonce,
            images: keptImages(host),
            // The first backup is the one that a failure goes back to.
            dumps: recovery == nil ? plan.dumps : []
        )
        let evidence = try whenReachable {
            try edges.host.secure(leased(step, last: isAtEnd), request)
        }
        guard evidence.nonceRead, evidence.sha256 == host.project.sha256 else {
            throw Diagnostic(
                "backup_not_read_back",
                "The backup on the host does not read back as it was written.",
                detail: evidence.nonceRead
                    ? "The compose file's copy has other bytes, or the file changed meanwhile."
                    : "The nonce is not on EFS."
            )
        }
        self.nonce = nonce
        var saved = BackupEvidence(
            run: run,
            instanceType: facts.instance.type,
            composeFile: host.project.file,
            composeBackup: evidence.composeBackup,
            composeSHA256: evidence.sha256,
            mountPoint: target.mountPoint,
            nonce: nonce,
            services: host.services.map { BackupEvidence.Service($0) },
            versions: Dictionary(
                host.stateful.compactMap { facts in
                    facts.dataVersion.map { (facts.service.text, $0) }
                },
                uniquingKeysWith: { first, _ in first }
            )
        )
        saved.dumps = evidence.dumps
        saved.resolvedSHA256 = host.project.resolvedSHA256
        saved.composeOverrides = host.project.overrides.map(\.mark)
        return saved
    }

    /// The images that no container may be left of: a name of the program's own keeps them from a prune.
    ///
    /// One that goes on running needs none, and a second name is what `docker image prune --all` takes as
    /// leave to remove the first.
    private func keptImages(_ host: HostFacts) -> [String] {
        let all = StartedServices.bringsFileBack(plan.steps)
        var names = Set(plan.drifted.map(\.service)).union(pending.map(\.service))
        for step in plan.steps {
            switch step {
            case .setImage(let service, _, _), .pull(let service, _): names.insert(service)
            case .rollback(let target): names.formUnion(target.images.map(\.service))
            default: break
            }
        }
        let ids = host.services.filter { all || names.contains($0.name) }.compactMap(\.imageID)
        return Array(Set(ids)).sorted()
    }

    /// No change without a backup, even if the plan was made by a script that forgot one.
    func requireBackup() throws {
        if recovery == nil { _ = try backup(label: nil) }
    }

    /// 128 random bits in hexadecimal.
    static func makeNonce() -> String {
        (0..<4).map { _ in
            let text = String(UInt32.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 8 - text.utf8.count) + text
        }.joined()
    }
}
