/// Whether the host's disk has room for an image.
///
/// What a nearly full disk cannot take is refused whatever the image; how much an image needs is
/// `ImageSizeCheck`'s. A pull that runs out of room later changes nothing that runs, either.
struct SpaceChecks {
    let host: HostFacts
    /// Whether the plan pulls anything.
    let pulls: Bool

    /// Less than this is taken for full: the images of a stack are larger, each of them.
    private static let bytes = 256 << 20
    /// An image is some thousand files at least.
    private static let inodes = 5000

    func run() -> [PreflightCheck] {
        let free = max(0, host.freeBytes) >> 20
        return [
            check(
                "disk_space",
                isFull: host.freeBytes < Self.bytes,
                "The host's disk has \(free) MiB left for images."
            ),
            host.freeInodes.map {
                check(
                    "disk_inodes",
                    isFull: $0 < Self.inodes,
                    "The host's disk has \($0) inodes left for images."
                )
            } ?? .unknown("disk_inodes", "The file system does not tell how many inodes are left."),
        ]
    }

    private func check(_ name: String, isFull: Bool, _ seen: String) -> PreflightCheck {
        let hint = "Free space on the host, for example with `docker image prune`."
        guard isFull else { return .ok(name, seen) }
        return pulls
            ? .refused(
                name,
                code: "host_disk_full",
                seen,
                detail: "Less than \(Self.bytes >> 20) MiB or \(Self.inodes) inodes take no image.",
                hint: hint
            ) : .warning(name, seen, hint: hint)
    }
}
