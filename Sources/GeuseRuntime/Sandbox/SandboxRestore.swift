// Putting the simulated data back from a dump: the present data is kept beside, and can be put back.

extension SandboxWorld {
    /// Where a run keeps what was there before its restore.
    private static func aside(_ run: RunID, _ service: ServiceName) -> String {
        "\(SandboxMachine.mountPoint)/.geusemaker/before/\(run)/\(service).dump"
    }

    /// Restores, or takes a restore back; what was put aside is told.
    mutating func restoreData(_ request: DataRestoreRequest, of run: RunID) throws -> [KeptData] {
        let facts = storageFacts(request.storage, try compose())
        try StorageProof.check(
            facts,
            expecting: request.storage.fileSystem,
            networkTypes: request.networkTypes
        )
        if request.undoes {
            stop(request.stops)
            for service in machine.containers.map(\.service) {
                let path = Self.aside(run, service)
                guard let kept = self[file: path] else { continue }
                try replaceData(of: service, with: kept)
                self[file: path] = nil
            }
            return []
        }
        for dump in request.dumps where self[file: dump.path]?.sha256 != dump.sha256 {
            throw HostFailure.diagnostic(code: "dump_damaged", evidence: dump.path)
        }
        stop(request.stops)
        var kept: [KeptData] = []
        for dump in request.dumps {
            guard let file = self[file: dump.path], let data = dataFolder(dump.service) else {
                throw HostFailure.diagnostic(code: "dump_damaged", evidence: dump.path)
            }
            let path = Self.aside(run, dump.service)
            self[file: path] = FileBytes(
                JSONWriter.write(files(below: data).worldJSON, .compact)
            )
            try replaceData(of: dump.service, with: file)
            if takeFault(.restore) != nil {
                throw HostFailure.diagnostic(code: "restore_failed", evidence: "pg_restore: error")
            }
            kept.append(KeptData(service: dump.service, place: path))
        }
        return kept
    }

    private mutating func stop(_ services: [ServiceName]) {
        for index in machine.containers.indices
        where services.contains(machine.containers[index].service) {
            machine.containers[index].wasStoppedByHand = true
            machine.containers[index].order = .exited
        }
    }

    private mutating func replaceData(of service: ServiceName, with file: FileBytes) throws {
        guard let folder = dataFolder(service), let json = try? JSONParser.parse(file.text) else {
            throw HostFailure.diagnostic(code: "dump_damaged", evidence: service.text)
        }
        for name in files(below: folder).keys { self[file: "\(folder)/\(name)"] = nil }
        for (name, text) in try [String: String](worldJSON: json) {
            self[file: "\(folder)/\(name)"] = FileBytes(text)
        }
    }
}

extension KeptData: WorldRecord {
    static var blank: Self { .init(service: .init(unchecked: ""), place: "") }
    static var fields: [WorldField<Self>] {
        [.init("service", \.service), .init("place", \.place)]
    }
}
