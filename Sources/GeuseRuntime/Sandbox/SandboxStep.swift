/// A step that was begun on the host, as its marker there tells.
struct SandboxStep: Sendable, Equatable {
    var began: Timestamp
    /// What an `apply` that still runs has to do.
    var request: ApplyRequest?
    /// Whether the lease is given back when it is done.
    var endsLease = false
    /// Since when every service has been well without a pause.
    var wellSince: Timestamp?
    /// The data as an `apply` found it.
    var data: DataFacts?
    /// Services that had to see a GPU at the end and did not; decided in the same look that ends it.
    var withoutGPU: [String] = []
    /// Whether the machine went down before the step was done.
    var wasCutShort = false
    /// The evidence, once it is done.
    var evidence = JSONValue.null
    /// The refusal with which it ended instead.
    var refusal: Diagnostic?

    var isRunning: Bool { evidence == .null && refusal == nil && !wasCutShort }

    /// The first result again; nil while the step still runs.
    func outcome<Evidence: WorldValue>(_ step: StepID) throws -> Evidence? {
        if let refusal { throw refusal }
        guard !wasCutShort else {
            throw Diagnostic(
                "host_step_interrupted",
                "Step \(step) began on the host and was cut short.",
                detail: "The machine went down under it.",
                hint: "Run `geusemaker recover`.",
                kind: .needsAttention
            )
        }
        return try Evidence?(worldJSON: evidence)
    }
}

extension SandboxStep: WorldRecord {
    static var blank: Self { .init(began: Timestamp(microseconds: 0)) }
    static var fields: [WorldField<Self>] {
        [
            .init("began", \.began), .init("request", \.request),
            .init("ends_lease", \.endsLease), .init("well_since", \.wellSince),
            .init("data", \.data), .init("was_cut_short", \.wasCutShort),
            .init("evidence", \.evidence), .init("refusal", \.refusal),
        ]
    }
}

extension HostInspection: WorldRecord {
    static var blank: Self { .init(fileSystem: nil) }
    static var fields: [WorldField<Self>] {
        [
            .init("file_system", \.fileSystem), .init("mount_point", \.mountPoint),
            .init("nonce", \.nonce),
        ]
    }
}

/// Only what is still needed once the edit was made.
extension ApplyRequest: WorldRecord {
    static var blank: Self {
        .init(
            project: ComposeProject(name: "", file: "", directory: "", sha256: "", bytes: []),
            storage: .blank
        )
    }
    static var fields: [WorldField<Self>] {
        [
            .init("storage", \.storage), .init("network_types", \.networkTypes),
            .init("services", \.services), .init("health_timeout", \.healthTimeout),
            .init("settle_seconds", \.settleSeconds), .init("needs_gpu", \.worldNeedsGPU),
            .init("alone", \.aloneMark),
        ]
    }

    /// Absent in the files of versions that did not know of it.
    fileprivate var aloneMark: Bool? {
        get { alone ? true : nil }
        set { alone = newValue ?? false }
    }

    /// The request without what the edit needed.
    var afterEdit: ApplyRequest {
        var rest = Self.blank
        rest.storage = storage
        rest.networkTypes = networkTypes
        rest.services = services
        rest.alone = alone
        rest.healthTimeout = healthTimeout
        rest.settleSeconds = settleSeconds
        rest.needsGPU = needsGPU
        return rest
    }
}

extension Diagnostic.Kind: WorldValue {}

extension Diagnostic: WorldValue {
    var worldJSON: JSONValue {
        [
            "code": .string(code), "summary": .string(summary), "detail": detail.worldJSON,
            "hint": hint.worldJSON, "kind": kind.worldJSON,
        ]
    }

    init(worldJSON json: JSONValue) throws {
        self.init(
            try String(worldJSON: json["code"] ?? .null),
            try String(worldJSON: json["summary"] ?? .null),
            detail: try String?(worldJSON: json["detail"] ?? .null),
            hint: try String?(worldJSON: json["hint"] ?? .null),
            kind: try Kind(worldJSON: json["kind"] ?? .null)
        )
    }
}
