// What docker does with images and containers.

extension SandboxWorld {
    /// The platform that images must have.
    var platform: String { instance.architecture == "arm64" ? "arm64" : "amd64" }

    /// Pulls one image into the store.
    mutating func pull(_ reference: ImageReference) throws -> SandboxImage {
        let moved = try pullFault(reference)
        guard let entry = SandboxRegistry.entry(reference) else {
            throw Self.imageNotFound(reference)
        }
        guard entry.platforms.contains(platform) else {
            throw Diagnostic(
                "image_wrong_architecture",
                "\(reference) has no manifest for linux/\(platform).",
                detail: "It exists for \(entry.platforms.joined(separator: ", ")).",
                kind: .refused
            )
        }
        let image = SandboxImage(
            reference: SandboxRegistry.storedName(reference),
            imageID: moved ?? entry.imageID(platform),
            digest: moved ?? entry.digest,
            architecture: platform,
            repository: entry.repository,
            tag: entry.tag,
            bytes: entry.bytes,
            fate: entry.fate
        )
        guard !machine.images.contains(image) else { return image }
        let isStored = machine.images.contains { $0.imageID == image.imageID }
        guard isStored || machine.freeBytes >= image.bytes else { throw diskFull(reference) }
        // A name that moves leaves the image behind without one, for containers that still use it.
        for index in machine.images.indices where machine.images[index].reference == image.reference
        {
            machine.images[index].reference = "<none>"
        }
        machine.images.append(image)
        return image
    }

    /// What goes wrong with a pull alone, or with the registry altogether; the digest of what was pushed
    /// under the name since it was looked up.
    private mutating func pullFault(_ reference: ImageReference) throws -> String? {
        switch (takeFault(.pull) ?? takeFault(.registry))?.value {
        case "toomanyrequests", "exhausted":
            throw Diagnostic(
                "image_rate_limited",
                "The registry refused to serve \(reference): too many requests.",
                hint: "Wait, or log in to the registry on the host.",
                kind: .refused
            )
        case "manifest-unknown": throw Self.imageNotFound(reference)
        case "unauthorized":
            throw SandboxProof.refused(
                "image_unauthorized",
                "The registry refused access to \(reference)."
            )
        case "disk-full": throw diskFull(reference)
        case "no-matching-manifest":
            throw DockerFailure.pull(of: reference.text, as: .wrongArchitecture)
        case "down":
            throw DockerFailure.pull(of: reference.text, saying: "dial tcp: connection refused")
        case "moved": return "sha256:" + SandboxDigest.hex("moved \(reference)")
        default: break
        }
        return nil
    }

    private static func imageNotFound(_ reference: ImageReference) -> Diagnostic {
        Diagnostic(
            "image_not_found",
            "\(reference) does not exist in its registry.",
            detail: "manifest unknown",
            kind: .refused
        )
    }

    private func diskFull(_ reference: ImageReference) -> Diagnostic {
        Diagnostic(
            "host_disk_full",
            "There is no room on the host for \(reference).",
            detail: "\(freeBytes) bytes are free.",
            kind: .refused
        )
    }

    /// Bytes free on docker's disk, none while a fault says so.
    var freeBytes: Int {
        fault(.pull) { $0.value == "disk-full" } == nil ? max(0, machine.freeBytes) : 0
    }

    /// Makes names point again to the images that ran, whatever they point to by now.
    mutating func restoreImages(_ images: [RestoredImage]) throws {
        for wanted in images {
            let name = SandboxRegistry.storedName(wanted.reference)
            let found = machine.images.first { $0.imageID == wanted.imageID }
            guard var image = try found ?? pullAgain(wanted) else {
                throw SandboxProof.refused(
                    "image_lost",
                    "The image \(wanted.imageID) of \(wanted.reference) is not there any more."
                )
            }
            guard
                !machine.images.contains(where: {
                    $0.reference == name && $0.imageID == image.imageID
                })
            else { continue }
            for index in machine.images.indices where machine.images[index].reference == name {
                machine.images[index].reference = "<none>"
            }
            image.reference = name
            machine.images.append(image)
        }
    }

    /// What the registry has under that digest, if it still is the image that is meant.
    private mutating func pullAgain(_ wanted: RestoredImage) throws -> SandboxImage? {
        guard let source = wanted.source else { return nil }
        let image = try? pull(ImageReference(source))
        return image?.imageID == wanted.imageID ? image : nil
    }

    /// Makes the container of a service anew; the one before it is removed.
    mutating func createContainer(_ service: SandboxCompose.Service, from image: SandboxImage) {
        machine.containersMade += 1
        let container = SandboxContainer(
            id: SandboxDigest.hex("\(instance.id) container \(machine.containersMade)"),
            service: service.name,
            image: service.image,
            imageID: image.imageID,
            digest: image.digest,
            definition: service.definition,
            restartPolicy: service.restartPolicy,
            hasHealthCheck: service.hasHealthCheck,
            mounts: service.binds,
            environment: service.environment,
            databasePassword: service.name.text == "n8n" ? environment["POSTGRES_PASSWORD"] : nil
        )
        if let index = machine.containers.firstIndex(where: { $0.service == service.name }) {
            machine.containers[index] = container
        } else {
            machine.containers.append(container)
        }
    }

    /// Starts a container: binds its volumes as they are now, then lets the service meet its data.
    mutating func startContainer(_ index: Int) {
        var container = machine.containers[index]
        let volumes = container.mounts.values.filter {
            $0.hasPrefix(SandboxMachine.mountPoint + "/")
        }.sorted()
        if machine.mount?.isHung == true, !volumes.isEmpty {
            container.log = "waiting for \(volumes[0])"
            container.order = .created
            machine.containers[index] = container
            return
        }
        let image = machine.images.first { $0.imageID == container.imageID }
        // Docker makes a bind's directory where it is missing, on whatever disk the path leads to.
        container.rootDiskVolumes = machine.mount == nil ? volumes : []
        container.order = .running
        container.startedAt = time
        container.wasStoppedByHand = false
        container.isHeld = false
        container.fate = image?.fate ?? .crashes
        container.seesGPU = hasGPU
        container.log =
            container.fate == .crashes ? "exec: the program ended with status 1" : "started"
        if let image, container.fate != .crashes {
            for volume in volumes {
                guard let problem = meetData(image, volume) else { continue }
                container.fate = .crashes
                container.log = problem
            }
        }
        if container.fate != .crashes, let password = container.databasePassword,
            password != rolePassword
        {
            container.fate = .crashes
            container.log = "password authentication failed for user \"geusemaker\""
        }
        let name = container.service.text
        let type = instance.type.text
        let isSick = takeFault(.health) {
            $0.value == "unhealthy:\(name)" && $0.remaining != nil
                && ($0.subject == nil || $0.subject == type)
        }
        if isSick != nil, container.fate == .works { container.fate = .sickens }
        machine.containers[index] = container
    }

    /// Whether containers see a GPU: the instance has one, docker hands it on, and nothing is wrong.
    private var hasGPU: Bool {
        (InstanceTypeCatalogue.facts(instance.type)?.gpus ?? 0) > 0
            && environment["DOCKER_RUNTIME"] == "nvidia" && fault(.gpu) == nil
    }

    /// A service finds its data, or makes new data where there is none.
    private mutating func meetData(_ image: SandboxImage, _ volume: String) -> String? {
        if machine.mount?.isReadWrite == false {
            return "\(volume): Read-only file system"
        }
        if hasFiles(below: volume) {
            guard image.repository == "postgres",
                let found = self[file: volume + "/PG_VERSION"]?.text
                    .filter({ $0.isNumber || $0 == "." }),
                found != image.postgresMajor
            else { return nil }
            return "FATAL: database files are incompatible with server: "
                + "initialized by PostgreSQL version \(found), this is \(image.tag)"
        }
        for (file, content) in SandboxData.fresh(image) {
            self[file: "\(volume)/\(file)"] = FileBytes(content)
        }
        return nil
    }

    /// `compose stop` of some services.
    mutating func stopContainers(of services: [ServiceName]) {
        for index in machine.containers.indices
        where services.contains(machine.containers[index].service) {
            machine.containers[index].order = .exited
            machine.containers[index].wasStoppedByHand = true
        }
    }

    /// `compose stop`, with the policies put off that would start a container at boot.
    mutating func stopContainers() {
        for index in machine.containers.indices {
            machine.containers[index].wasStoppedByHand = true
            machine.containers[index].isHeld = true
            if machine.containers[index].order == .running {
                machine.containers[index].order = .exited
            }
        }
    }
}
