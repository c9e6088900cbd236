/// The services' data on EFS as a run wrote it down when it had stopped them.
struct SandboxDataRecord: Sendable, Equatable {
    var run = ""
    var at = Timestamp(microseconds: 0)
    /// SHA-256 by path on EFS.
    var sums: [String: String] = [:]
}

extension SandboxDataRecord: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [.init("run", \.run), .init("at", \.at), .init("sums", \.sums)]
    }
}

extension SandboxWorld {
    /// Writes down what there is, as the stop script does.
    mutating func recordData(of run: RunID) -> DataFacts {
        machine.dataRecord = nil
        guard let mount = machine.mount, mount.isReadable else {
            return DataFacts(machine.mount == nil ? .unmounted : .slow)
        }
        let files = dataFiles(mount)
        machine.dataRecord = SandboxDataRecord(
            run: run.text,
            at: time,
            sums: files.mapValues(\.sha256)
        )
        return Self.facts(.recorded, files)
    }

    /// Compares with what the run wrote down; nil where it wrote nothing down.
    func compareData(of run: RunID) -> DataFacts? {
        guard let record = machine.dataRecord, record.run == run.text, let mount = machine.mount
        else { return nil }
        let hasRun = machine.containers.contains { $0.startedAt.map { $0 >= record.at } ?? false }
        guard !hasRun else { return DataFacts(.written) }
        let files = dataFiles(mount)
        let now = files.mapValues(\.sha256)
        let lost = record.sums.keys.filter { now[$0] == nil }.map { "lost " + Self.path($0) }
        let changed = now.filter { record.sums[$0.key] != $0.value }.map { name, _ in
            (record.sums[name] == nil ? "added " : "changed ") + Self.path(name)
        }
        return Self.facts(
            lost.isEmpty ? (changed.isEmpty ? .same : .changed) : .lost,
            files,
            Array((lost.sorted() + changed.sorted()).prefix(5))
        )
    }

    /// Why no container may be started on that data; the rule of the apply script.
    static func objection(_ data: DataFacts, _ change: ComposeChange) -> Diagnostic? {
        let isRestore = if case .restore = change { true } else { false }
        let isRight = data.verdict == .lost || (data.verdict == .changed && !isRestore)
        return isRight ? Diagnostic("data_\(data.verdict.rawValue)", data.sentence) : nil
    }

    private static func path(_ name: String) -> String { SandboxMachine.mountPoint + "/" + name }

    /// The files of the services; ours are none of them.
    private func dataFiles(_ mount: SandboxMount) -> [String: FileBytes] {
        (mount.isOther ? storage.otherFiles : storage.files)
            .filter { !$0.key.hasPrefix(".geusemaker/") }
    }

    private static func facts(
        _ verdict: DataFacts.Verdict,
        _ files: [String: FileBytes],
        _ differences: [String] = []
    ) -> DataFacts {
        DataFacts(
            verdict,
            files: files.count,
            bytes: files.values.reduce(0) { $0 + $1.bytes.count },
            hashed: files.count,
            differences: differences
        )
    }

    /// What a fault does to the data while the instance is stopped.
    mutating func damageData() {
        guard let fault = takeFault(.data),
            let name = storage.files.keys.filter({ !$0.hasPrefix(".") }).min()
        else {
            return
        }
        storage.files[name] = fault.value == "lost" ? nil : FileBytes("written meanwhile\n")
    }
}
