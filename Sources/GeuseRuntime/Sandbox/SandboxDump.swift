// Dumps of the simulated services' data: files on EFS that hold all of it, and can be put back.

extension SandboxWorld {
    /// Takes the dumps of a backup; one that fails leaves none behind.
    mutating func takeDumps(_ request: SecureRequest, of run: RunID) throws -> [SavedDump] {
        var saved: [SavedDump] = []
        let folder = "\(request.mountPoint)/.geusemaker/dumps/\(run)"
        for dump in request.dumps {
            guard let container = machine.container(dump.service),
                container.state(at: time) == "running", let data = dataFolder(dump.service)
            else {
                throw Diagnostic("dump_failed", "\(dump.service) does not run.")
            }
            if let fault = takeFault(.dump) {
                throw Self.dumpFault(fault.value, dump)
            }
            let path = "\(folder)/\(dump.service).dump"
            let bytes = FileBytes(Self.packed(files(below: data)))
            self[file: path] = bytes
            saved.append(
                SavedDump(
                    kind: dump.kind,
                    service: dump.service,
                    cause: dump.cause,
                    name: dump.kind == .postgres ? "geusemaker" : "data",
                    path: path,
                    bytes: bytes.bytes.count,
                    sha256: bytes.sha256
                )
            )
        }
        return saved
    }

    private static func dumpFault(_ value: String, _ dump: DataDump) -> Diagnostic {
        switch value {
        case "truncated":
            HostFailure.diagnostic(code: "dump_not_whole", evidence: dump.service.text)
        case "no-space": HostFailure.diagnostic(code: "dump_no_space", evidence: "0 MiB are free.")
        default: HostFailure.diagnostic(code: "dump_failed", evidence: "pg_dump: error")
        }
    }

    /// The host directory of a service's data.
    func dataFolder(_ service: ServiceName) -> String? {
        machine.container(service)?.mounts.sorted { $0.key < $1.key }.first?.value
    }

    /// The files below a directory of EFS, by their path below it.
    func files(below directory: String) -> [String: String] {
        let prefix = String(directory.dropFirst(SandboxMachine.mountPoint.count + 1)) + "/"
        var found: [String: String] = [:]
        for (path, file) in storage.files where path.hasPrefix(prefix) {
            found[String(path.dropFirst(prefix.count))] = file.text
        }
        return found
    }

    private static func packed(_ files: [String: String]) -> String {
        JSONWriter.write(files.worldJSON, .compact)
    }
}
