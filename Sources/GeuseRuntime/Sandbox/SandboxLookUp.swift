// What the simulated registries say before a pull.

extension SandboxWorld {
    /// What a pull of an image would find.
    mutating func lookUp(_ reference: ImageReference) -> RegistryImage {
        var image = RegistryImage(reference: reference, answer: .found, pullsLeft: 100)
        switch takeFault(.registry)?.value {
        case "toomanyrequests": return refused(reference, .rateLimited)
        case "manifest-unknown": return refused(reference, .notFound)
        case "unauthorized": return refused(reference, .unauthorized)
        case "down":
            let why = "The registry does not answer (a sandbox fault is set)."
            return RegistryImage(reference: reference, answer: .unknown(why))
        case "exhausted": image.pullsLeft = 0
        case "few-left": image.pullsLeft = 3
        default: break
        }
        guard let entry = SandboxRegistry.entry(reference) else {
            return refused(reference, .notFound)
        }
        image.digest = entry.digest
        image.platforms = entry.platforms.map { "linux/\($0)" }
        image.fits = entry.platforms.contains(platform)
        // A registry tells before the pull for which platforms it has an image.
        if takeFault(.pull, { $0.value == "no-matching-manifest" }) != nil {
            image.platforms = ["linux/" + (platform == "arm64" ? "amd64" : "arm64")]
            image.fits = false
        }
        guard image.fits == true else { return image }
        image.manifest = entry.manifest(platform)
        image.imageID = entry.imageID(platform)
        image.compressedBytes = entry.compressedBytes
        image.isOnHost = machine.images.contains { $0.imageID == image.imageID }
        return image
    }

    private func refused(_ reference: ImageReference, _ kind: DockerFailure.Kind) -> RegistryImage {
        RegistryImage(
            reference: reference,
            answer: .refused(DockerFailure.pull(of: reference.text, as: kind))
        )
    }

    /// The tags of an image's repository.
    mutating func tags(_ reference: ImageReference, _ prefix: String) throws -> [String] {
        let name = reference.repository
        switch takeFault(.registry)?.value {
        case "toomanyrequests": throw DockerFailure.pull(of: name, as: .rateLimited)
        case "unauthorized": throw DockerFailure.pull(of: name, as: .unauthorized)
        case "down":
            throw Diagnostic(
                "registry_unanswered",
                "The registry of \(name) did not tell its tags.",
                detail: "A sandbox fault is set."
            )
        default: break
        }
        guard let tags = SandboxRegistry.tags(reference) else {
            throw DockerFailure.pull(of: name, as: .notFound)
        }
        return tags.filter { $0.hasPrefix(prefix) }
    }
}

extension SandboxHost {
    /// Asks the simulated registries; it takes no time.
    public func lookUp(_ images: [ImageReference]) throws -> [RegistryImage] {
        guard !images.isEmpty else { return [] }
        return try store.serve("host.registry") { world in
            try world.requireAgent()
            return images.map { world.lookUp($0) }
        }
    }

    /// The tags that a simulated registry lists.
    public func tags(
        of image: ImageReference,
        beginningWith prefix: String
    ) throws -> [String] {
        try store.serve("host.tags", image.repository) { world in
            try world.requireAgent()
            return try world.tags(image, prefix)
        }
    }
}
