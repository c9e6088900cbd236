// What a look at the simulated host finds.

extension SandboxWorld {
    /// The nonce's place, below the mount point.
    static let noncePath = SandboxMachine.mountPoint + "/.geusemaker/nonce"

    /// The environment that compose interpolates with.
    var environment: [String: String] {
        let text = machine.files[SandboxMachine.environmentFile]?.text ?? ""
        return SandboxInterpolation.environment(text)
    }

    /// The bytes of the compose file, which has to be the one that a caller means.
    func composeBytes(_ project: ComposeProject? = nil) throws -> [UInt8] {
        let path = project?.file ?? SandboxMachine.composeFile
        guard path == SandboxMachine.composeFile, let file = machine.files[path] else {
            throw Diagnostic("compose_not_found", "\(path) is not a project's file on the host.")
        }
        return file.bytes
    }

    /// The compose file as it stands.
    func compose() throws -> SandboxCompose {
        try SandboxCompose(composeBytes(), environment: environment)
    }

    func hostFacts(_ request: HostInspection) throws -> HostFacts {
        let bytes = try composeBytes()
        let compose = try SandboxCompose(bytes, environment: environment)
        var mount = storageFacts(request, compose)
        mount.bootMount = .fstab
        return HostFacts(
            project: ComposeProject(
                name: compose.project,
                file: SandboxMachine.composeFile,
                directory: SandboxMachine.directory,
                environmentFiles: [SandboxMachine.environmentFile],
                sha256: SandboxDigest.hex(bytes),
                bytes: masked(bytes)
            ),
            services: compose.services.map(serviceFacts),
            storage: mount,
            architecture: instance.architecture == "arm64" ? "aarch64" : "x86_64",
            dockerVersion: "27.3.1",
            composeVersion: "2.29.7",
            freeBytes: freeBytes,
            freeInodes: 1_000_000,
            lease: machine.lease,
            stateful: statefulFacts(compose),
            environment: [
                EnvironmentFile(
                    path: SandboxMachine.environmentFile,
                    names: environment.keys.sorted()
                )
            ]
        )
    }

    /// The bytes with every value of a secret variable overwritten by as many `x`.
    private func masked(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        let words = ["PASSWORD", "SECRET", "KEY", "TOKEN"]
        for (name, value) in environment where words.contains(where: name.contains) {
            let secret = Array(value.utf8)
            guard secret.count >= 6, secret.count <= bytes.count else { continue }
            for start in 0...(bytes.count - secret.count)
            where bytes[start..<start + secret.count].elementsEqual(secret) {
                for offset in start..<start + secret.count { result[offset] = UInt8(ascii: "x") }
            }
        }
        return result
    }

    func serviceFacts(_ service: SandboxCompose.Service) -> ServiceFacts {
        let name = SandboxRegistry.storedName(ImageReference(unchecked: service.image))
        let found = machine.images.first { $0.reference == name }
        let local = found.map { ServiceFacts.LocalImage.image($0.imageID) } ?? .missing
        guard let container = machine.container(service.name) else {
            var facts = ServiceFacts(name: service.name, configuredImage: service.image)
            facts.local = local
            return facts
        }
        let state = container.state(at: time)
        let hasExited = container.order == .exited || container.fate == .crashes
        var facts = ServiceFacts(
            name: service.name,
            configuredImage: service.image,
            containerID: container.id,
            image: container.image,
            imageID: container.imageID,
            digest: container.digest,
            state: state,
            health: health(container),
            restarts: container.restarts(at: time),
            exitCode: state == "running" || !hasExited ? nil : container.fate == .crashes ? 1 : 0,
            startedAt: container.startedAt?.text,
            mounts: container.mounts
        )
        facts.local = local
        facts.hasImage = machine.images.contains { $0.imageID == container.imageID }
        facts.differences = Self.differences(container, service)
        return facts
    }

    /// In what a container is not what the file says, its image aside.
    private static func differences(
        _ container: SandboxContainer,
        _ service: SandboxCompose.Service
    ) -> [String] {
        func names(_ old: [String: String], _ new: [String: String]) -> [String] {
            Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
        }
        let variables = container.environment.map { names($0, service.environment) } ?? []
        return
            variables.filter { name in
                // A database reads the password of its first day from there, and never again.
                !(name == "POSTGRES_PASSWORD" && service.image.hasPrefix("postgres:"))
            }.map { "environment \($0)" }
            + names(container.mounts, service.binds).map { "mount \($0)" }
    }

    func health(_ container: SandboxContainer) -> ServiceFacts.Health {
        let usual = container.health(at: time, checkTakes: durations.health)
        let isForced =
            fault(.health) {
                $0.value == "unhealthy:\(container.service)" && $0.remaining == nil
                    && ($0.subject == nil || $0.subject == instance.type.text)
            } != nil
        return isForced && usual == .healthy ? .unhealthy : usual
    }

    func storageFacts(_ request: HostInspection, _ compose: SandboxCompose) -> StorageFacts {
        let mount = request.mountPoint == SandboxMachine.mountPoint ? machine.mount : nil
        let id = mount?.isOther == true ? storage.otherID : storage.id
        let answer: StorageFacts.Answer =
            switch mount {
            case nil: .failed
            case let mount? where mount.isHung: .hung
            case let mount?: mount.isReadWrite && !mount.isStale ? .answered : .failed
            }
        let error: String? =
            switch (mount, answer) {
            case (nil, _): "nothing is mounted at \(request.mountPoint)"
            case (let mount?, .failed) where mount.isStale: "Stale file handle"
            case (_, .failed): "Read-only file system"
            case (_, .hung): "no answer within \(durations.probe) s"
            case (_, .answered): nil
            }
        let nonce = mount.map { $0.isReadable ? self[file: Self.noncePath]?.text : nil } ?? nil
        return StorageFacts(
            mountPoint: request.mountPoint,
            isMounted: mount != nil,
            type: mount.map { _ in "nfs4" },
            source: mount.map { _ in "\(id).efs.\(region).amazonaws.com:/" },
            isReadWrite: mount?.isReadWrite ?? false,
            answer: answer,
            error: error,
            nonceMatches: request.nonce.map { $0 == nonce },
            volumes: volumes(below: request.mountPoint, isMounted: mount != nil, compose),
            strays: mount == nil ? [] : strays
        )
    }

    /// A volume lies on the mount if the host sees it there.
    private func volumes(
        below mountPoint: String,
        isMounted: Bool,
        _ compose: SandboxCompose
    ) -> [String: Bool] {
        var volumes: [String: Bool] = [:]
        for service in compose.services {
            for path in service.binds.values where path.hasPrefix(mountPoint + "/") {
                volumes[path] = isMounted
            }
        }
        return volumes
    }

    /// What running containers have on the root disk since they were started before the mount came.
    private var strays: [String] {
        machine.containers.filter { $0.order == .running }.flatMap { container in
            container.mounts.filter { container.rootDiskVolumes.contains($0.value) }.keys.sorted()
                .map { "\(container.service):\($0)" }
        }
    }
}
