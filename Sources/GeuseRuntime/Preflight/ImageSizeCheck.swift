/// Whether docker's disk takes the images that a plan pulls.
struct ImageSizeCheck {
    let plan: Plan
    let host: HostFacts

    /// What docker needs for one compressed byte, in halves.
    ///
    /// The byte itself lies on the disk until it is unpacked, and for good with containerd's image store;
    /// it unpacks to some 2.5 bytes, which is what gzip saves on programs and libraries. Layers that the host has already are counted
    /// all the same: a registry does not tell which ones those are.
    private static let halves = 7

    func run() -> [PreflightCheck] {
        var seen: Set<ImageReference> = []
        let images = plan.pulledImages.map(\.image).filter { seen.insert($0).inserted }
            .compactMap { host.registry($0) }.filter { $0.answer == .found && !$0.isOnHost }
        guard !images.isEmpty else { return [] }
        let sizes = images.compactMap(\.compressedBytes)
        // What registries say of sizes may be anything; no disk has this much.
        let compressed = min(sizes.reduce(0) { $0.adding(saturating: $1) }, 1 << 60)
        let needed = compressed / 2 * Self.halves
        let text =
            "\(ByteCount.text(compressed)) to pull, for which docker needs some "
            + "\(ByteCount.text(needed)); "
            + (host.freeBytes == .max ? "the host does not tell" : ByteCount.text(host.freeBytes))
            + " free."
        if needed > host.freeBytes {
            return [
                .refused(
                    "image_size",
                    DockerFailure.pull(
                        of: images.map(\.reference.text).joined(separator: ", "),
                        as: .diskFull,
                        detail: text
                    ),
                    // An estimate: who knows that most layers are there already may say so.
                    allowing: "image-size"
                )
            ]
        }
        guard sizes.count == images.count, host.freeBytes != .max else {
            return [.unknown("image_size", "How much room is needed is not known. " + text)]
        }
        return [.ok("image_size", text)]
    }
}

extension Plan {
    /// The images that are brought to the host, by service.
    var pulledImages: [(service: ServiceName, image: ImageReference)] {
        steps.compactMap {
            if case .pull(let service, let image) = $0 { (service, image) } else { nil }
        }
    }
}
