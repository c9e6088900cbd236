// A rotation of the database password on the simulated host, kept as the real one keeps it: below
// /var/lib/geusemaker/rotations until the run ends.

extension SandboxWorld {
    /// Where the database has the password of its role: with its own data, on whatever is mounted.
    private static let rolePath = SandboxMachine.mountPoint + "/postgres/global/pg_authid"
    private static let variable = "POSTGRES_PASSWORD"

    /// The password that the database takes; one that was never changed is the first day's.
    var rolePassword: String {
        self[file: Self.rolePath]?.text
            ?? SandboxInterpolation.environment(SandboxProject.environment(hasGPU: false))[
                Self.variable
            ] ?? ""
    }

    private static func vault(_ run: RunID, _ file: String) -> String {
        "/var/lib/geusemaker/rotations/\(run)/\(file)"
    }

    /// Does one part of a rotation.
    mutating func rotate(_ run: RunID, _ request: RotationRequest) throws -> RotationEvidence {
        let ended = machine.files[Self.vault(run, "ended")] != nil
        switch request.phase {
        case .rotate:
            if ended { return evidence(.ended) }
            if machine.files[Self.vault(run, "new")] == nil { try prepare(run, request) }
            try setPassword(run)
            try makeAnew(request.target.service)
            return evidence(.rotated)
        case .confirm:
            let container = machine.container(request.target.service)
            guard takeFault(.rotate, { $0.value == "unused" }) == nil,
                container?.order == .running, container?.databasePassword == rolePassword
            else { throw Self.failure("rotation_unused", request.target.service.text) }
            return evidence(.confirmed)
        case .undo:
            if ended { return evidence(.ended) }
            guard let old = machine.files[Self.vault(run, "old")] else { return .init(.nothing) }
            let file = machine.files[Self.vault(run, "before")]
            machine.files[SandboxMachine.environmentFile] = file
            if machine.container(request.target.database)?.order != .running {
                try startDatabase(run, request)
            }
            if rolePassword != old.text {
                try requireWritableMount(SandboxMachine.mountPoint)
                self[file: Self.rolePath] =
                    machine.files[Self.vault(run, "role")] == nil ? nil : FileBytes(old.text)
            }
            forget(run)
            return evidence(.undone)
        case .end:
            if machine.files[Self.vault(run, "new")] != nil {
                forget(run)
                machine.files[Self.vault(run, "ended")] = FileBytes("")
            }
            return evidence(.ended)
        }
    }

    private func evidence(_ standing: RotationEvidence.Standing) -> RotationEvidence {
        RotationEvidence(standing, role: "geusemaker", provenBefore: true)
    }

    private mutating func forget(_ run: RunID) {
        for file in ["old", "new", "before", "role"] {
            machine.files[Self.vault(run, file)] = nil
        }
    }

    /// Nothing is started on a mount or on data that is not proven.
    private mutating func startDatabase(_ run: RunID, _ request: RotationRequest) throws {
        try prove(request)
        let restore = ComposeChange.restore(path: "", sha256: "")
        if let objection = compareData(of: run).flatMap({ Self.objection($0, restore) }) {
            throw objection
        }
        machine.dataRecord = nil
        try makeAnew(request.target.database)
    }

    private func prove(_ request: RotationRequest) throws {
        if let objection = try SandboxProof.objection(
            storageFacts(request.storage, compose()),
            ApplyRequest(
                project: request.project,
                storage: request.storage,
                networkTypes: request.networkTypes
            )
        ) {
            throw objection
        }
    }

    /// What could refuse, before anything is touched.
    private mutating func prepare(_ run: RunID, _ request: RotationRequest) throws {
        try prove(request)
        for service in [request.target.service, request.target.database] {
            guard machine.container(service)?.order == .running else {
                throw Self.failure("credentials_service_down", service.text)
            }
        }
        let old = environment[Self.variable] ?? ""
        guard let file = machine.files[SandboxMachine.environmentFile], !old.isEmpty,
            old == machine.container(request.target.service)?.databasePassword
        else { throw Self.failure("credentials_not_found", Self.variable) }
        guard takeFault(.rotate, { $0.value == "unproven" }) == nil, old == rolePassword else {
            throw Self.failure("credentials_unproven", "password authentication failed")
        }
        // As hard to guess as a real one, and the same each time that the same run asks.
        let new = String(SandboxDigest.hex("\(instance.id) \(run) password").prefix(32))
        machine.files[Self.vault(run, "old")] = FileBytes(old)
        machine.files[Self.vault(run, "new")] = FileBytes(new)
        machine.files[Self.vault(run, "before")] = file
        if let role = self[file: Self.rolePath] { machine.files[Self.vault(run, "role")] = role }
    }

    private mutating func setPassword(_ run: RunID) throws {
        guard let old = machine.files[Self.vault(run, "old")]?.text,
            let new = machine.files[Self.vault(run, "new")]?.text,
            let before = machine.files[Self.vault(run, "before")]
        else { throw Self.failure("rotation_lost", "\(run)") }
        machine.files[SandboxMachine.environmentFile] = FileBytes(
            before.text.replacing("\(Self.variable)=\(old)\n", with: "\(Self.variable)=\(new)\n")
        )
        guard rolePassword != new else { return }
        try requireWritableMount(SandboxMachine.mountPoint)
        guard takeFault(.rotate, { $0.value == "refused" }) == nil else {
            throw Self.failure("rotation_refused", "ERROR: permission denied")
        }
        self[file: Self.rolePath] = FileBytes(new)
    }

    /// `compose up --no-deps` of one service.
    private mutating func makeAnew(_ service: ServiceName) throws {
        do {
            _ = try up([service], alone: true)
        } catch let error as Diagnostic {
            throw Self.failure("rotation_up_failed", error.summary)
        }
    }

    private static func failure(_ code: String, _ evidence: String) -> Diagnostic {
        HostFailure.diagnostic(code: code, evidence: evidence)
    }
}

extension RotationEvidence.Standing: WorldValue {}

extension RotationEvidence: WorldRecord {
    static var blank: Self { .init(.nothing) }
    static var fields: [WorldField<Self>] {
        [
            .init("standing", \.standing), .init("role", \.role),
            .init("proven_before", \.provenBefore),
        ]
    }
}
