// Images that nothing needs any more, and those that a backup keeps.

/// The images that ran when a backup was made.
struct SandboxKeptImages: Sendable, Equatable {
    var run = RunID(unchecked: "")
    var images: [String] = []
}

extension SandboxKeptImages: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [.init("run", \.run), .init("images", \.images)]
    }
}

extension SandboxMachine {
    /// Keeps the images of the six newest runs with a backup, as the scripts on a real host do.
    mutating func keepImages(_ ids: [String], of run: RunID) {
        var all = kept ?? []
        if let index = all.firstIndex(where: { $0.run == run }) {
            // A run may make several backups: what ran before it stays, too.
            all[index].images += ids.filter { !all[index].images.contains($0) }
        } else {
            all.append(SandboxKeptImages(run: run, images: ids))
        }
        kept = all.suffix(6)
    }
}

extension SandboxWorld {
    mutating func prune(_ request: PruneRequest) throws -> [String] {
        let services = try compose().services
        let named = services.map { SandboxRegistry.storedName(ImageReference(unchecked: $0.image)) }
        let repositories = Set(
            services.map {
                SandboxRegistry.canonical(ImageReference(unchecked: $0.image).repository)
            }
        )
        var needed = Set(machine.containers.map(\.imageID) + request.spared)
        for backup in machine.kept ?? [] { needed.formUnion(backup.images) }
        let superseded = machine.images.filter { image in
            repositories.contains(image.repository) && !needed.contains(image.imageID)
                && !named.contains(image.reference)
        }
        machine.images.removeAll { superseded.contains($0) }
        return superseded.map {
            $0.reference == "<none>" ? "\($0.repository):<none>" : $0.reference
        }
    }
}

extension SandboxWorld {
    /// Whether the host has an image under that name.
    public func has(_ image: ImageReference) -> Bool {
        let name = SandboxRegistry.storedName(image)
        return machine.images.contains { $0.reference == name }
    }
}
