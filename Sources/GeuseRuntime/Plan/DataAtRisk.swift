/// Which data a stack keeps where it does not outlive the instance or the container.
enum DataAtRisk {
    /// Up to three sentences; none where all volumes lie on the file system.
    ///
    /// - Parameters:
    ///   - host: what is there.
    ///   - mountPoint: where the file system is mounted.
    ///   - isStateOnly: whether only services count that are known to keep state.
    /// - Returns: the sentences.
    static func sentences(
        _ host: HostFacts,
        mountPoint: String,
        isStateOnly: Bool = false
    ) -> [String] {
        let mountPoint = StorageReading.mountPoint(mountPoint)
        let stateful = Set(host.stateful.map(\.service))
        var outside: [String] = []
        var remote: [String] = []
        var without: [String] = []
        for service in host.services
        where service.containerID != nil && (!isStateOnly || stateful.contains(service.name)) {
            // What leads there by a link or a second mount was found on it.
            let binds = service.mounts.filter {
                !isBelow($0.value, mountPoint) && host.storage.volumes[$0.value] != true
            }
            .map { "\(service.name) \($0.key)" }
            outside += (binds + service.volumes.map { "\(service.name) \($0)" }).sorted()
            remote += service.networkVolumes.map { "\(service.name) \($0)" }
            if service.mounts.isEmpty, service.volumes.isEmpty, service.networkVolumes.isEmpty {
                without.append(service.name.text)
            }
        }
        var sentences: [String] = []
        if !outside.isEmpty {
            sentences.append(
                "On the instance's own disk, not on the file system: "
                    + outside.joined(separator: ", ") + "."
            )
        }
        if !remote.isEmpty {
            sentences.append(
                "On network volumes that docker mounts by itself, which nobody looks at: "
                    + remote.joined(separator: ", ") + "."
            )
        }
        if !without.isEmpty {
            sentences.append(
                "Without a volume, so that nothing it writes outlives its container: "
                    + without.joined(separator: ", ") + "."
            )
        }
        return sentences
    }

    private static func isBelow(_ path: String, _ mountPoint: String) -> Bool {
        path == mountPoint || path.hasPrefix(mountPoint + "/")
    }
}

extension HostFacts {
    /// What of the data of PostgreSQL, n8n, Qdrant and Ollama does not lie on the file system, in sentences.
    public var stateAtRisk: [String] {
        DataAtRisk.sentences(self, mountPoint: storage.mountPoint, isStateOnly: true)
    }
}
