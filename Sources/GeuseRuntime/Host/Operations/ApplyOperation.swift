/// Proof, edit, up and health.
struct ApplyOperation {
    let request: ApplyRequest

    var script: HostOperationScript {
        var change = "none"
        var edits: [ComposeEdit] = []
        var sha256 = ""
        var saved = ""
        switch request.change {
        case .none: break
        case .edits(let list, let before):
            change = "edits"
            edits = list.sorted { $0.offset < $1.offset }
            sha256 = before
        case .restore(let path, let hash):
            change = "restore"
            saved = path
            sha256 = hash
        }
        let restored = request.restoredImages.map { image in
            [image.reference.text, image.imageID, image.source ?? ""]
        }
        let expected = request.expectedImages.sorted { $0.key.text < $1.key.text }
        return HostOperationScript(
            parts: [
                StackValues.script, HostScript.compose, HostScript.profiles, HostScript.storage,
                HostScript.containers,
                HostScript.mask,
                HostScript.data, HostScript.policies, HostScript.gpu, HostScript.health,
                HostScript.engine, HostScript.unproven, HostScript.apply,
            ],
            values: StackValues.values(
                of: request.storage,
                request.project,
                networkTypes: request.networkTypes
            ) + [
                ("G_CHANGE", .text(change)),
                ("G_SHA256", .text(sha256)),
                ("G_SAVED", .text(saved)),
                ("G_RESTORED", .words(restored)),
                ("G_EDITS", .words(edits.map { [String($0.offset), $0.old, $0.new] })),
                ("G_EXPECTED", .words(expected.map { [$0.key.text, $0.value.text] })),
                ("G_SERVICES", .words(request.services.map { [$0.text] })),
                ("G_RESTARTS", .words(request.restarts.map { [$0.text] })),
                ("G_HEALTH", .text(String(Int(request.healthTimeout.rounded(.up))))),
                ("G_CHECKS", .words(checks)),
                ("G_GPU", .words(request.needsGPU.map { [$0.text] })),
                ("G_LASTING", .words(request.lasting.map { [$0.text] })),
                ("G_STOPPED", .text(request.isAfterStop ? "yes" : "")),
                ("G_ALONE", .text(request.alone ? "yes" : "")),
                ("G_SETTLE", .text(String(Int(request.settleSeconds.rounded(.up))))),
                ("G_QUIET", .text(String(Int(request.quietSeconds.rounded(.up))))),
            ]
        )
    }

    /// Service, seconds or nothing, probe or nothing, settle time or nothing.
    private var checks: [[String]] {
        request.health.sorted { $0.key.text < $1.key.text }.map { service, health in
            [
                service.text, health.timeout.map { String(Int($0.rounded(.up))) } ?? "",
                health.probe?.description ?? "",
                health.settle.map { String(Int($0.rounded(.up))) } ?? "",
            ]
        }
    }

    /// The longest that any service may take, in seconds.
    var longest: Double {
        max(request.healthTimeout, request.health.values.compactMap(\.timeout).max() ?? 0)
    }

    /// The longest that any service has to run before it is believed, in seconds.
    var settling: Double {
        ([request.settleSeconds, request.quietSeconds] + request.health.values.compactMap(\.settle))
            .max() ?? 0
    }

    /// The evidence in a payload.
    func read(_ payload: HostPayload) throws -> ApplyEvidence {
        let reason = payload.word("reason")?.split(
            separator: " ",
            omittingEmptySubsequences: false
        )
        guard let stage = payload.word("stage").flatMap(ApplyEvidence.Stage.init),
            let sha256 = payload.word("sha256"), let reason, reason.count == 2,
            let text = HostPayload.text(reason[1]),
            let storage = StorageReading.facts(
                payload,
                mountPoint: request.storage.mountPoint
            ) ?? unseen(stage)
        else { throw HostFailure.incomplete("apply") }
        var logs: [String: String] = [:]
        for row in payload.rows("log", columns: 2) { logs[row[0]] = row[1] }
        var evidence = ApplyEvidence(
            stage: stage,
            error: stage == .done ? nil : error(String(reason[0]), text, storage),
            storage: storage,
            services: ServiceReading.services(payload).map(judged),
            sha256: sha256,
            logs: logs,
            data: DataFacts(payload),
            withoutGPU: payload.rows("nogpu", columns: 1).flatMap { $0 },
            held: payload.rows("held", columns: 1).flatMap { $0 }
        )
        evidence.resolvedSHA256 = payload.word("resolved")
        evidence.startedUnproven = payload.rows("unproven", columns: 1).flatMap { $0 }
        return evidence
    }

    /// One that has to last has not done its work by ending; the script holds the same.
    private func judged(_ service: ServiceFacts) -> ServiceFacts {
        var judged = service
        if request.lasting.contains(service.name), !service.isAwaited { judged.hasFinished = false }
        return judged
    }

    /// An edit that was refused before the mount was looked at leaves nothing to tell of it.
    private func unseen(_ stage: ApplyEvidence.Stage) -> StorageFacts? {
        guard stage == .edit else { return nil }
        return StorageFacts(
            mountPoint: request.storage.mountPoint,
            isMounted: false,
            type: nil,
            source: nil,
            isReadWrite: false,
            answer: .failed,
            error: "not looked at"
        )
    }

    /// The code and a sentence.
    private func error(_ code: String, _ text: String, _ storage: StorageFacts) -> String {
        let diagnostic =
            code.hasPrefix("efs_")
            ? StorageProof.diagnostic(code, storage, request.storage.fileSystem)
            : HostFailure.diagnostic(code: code, evidence: text)
        return "\(diagnostic.code): \(diagnostic.summary)"
            + (diagnostic.detail.map { " \($0)" } ?? "")
    }
}
