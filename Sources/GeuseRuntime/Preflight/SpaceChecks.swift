/// Whether the host's disk has room for an image.
///
/// How much an image needs is known only while it is pulled; what a nearly full disk cannot take is
/// refused before. A pull that runs out of room later changes nothing that runs, either.
public enum SpaceChecks {
    /// Less than this is taken for full: the images of a stack are larger, each of them.
    static let bytes = 256 << 20
    /// An image is some thousand files at least.
    static let inodes = 5000

    /// Refuses to plan a pull onto a full disk.
    ///
    /// - Parameter host: what the host showed.
    /// - Throws: `Diagnostic` of kind refused, `host_disk_full`.
    public static func check(_ host: HostFacts) throws {
        let inodesLeft = host.freeInodes ?? .max
        guard host.freeBytes < bytes || inodesLeft < inodes else { return }
        throw Diagnostic(
            "host_disk_full",
            host.freeBytes < bytes
                ? "The host's disk has \(max(0, host.freeBytes) >> 20) MiB left for images."
                : "The host's disk has \(inodesLeft) inodes left for images.",
            detail: "Less than \(bytes >> 20) MiB or \(inodes) inodes take no image. "
                + "Nothing was touched.",
            hint: "Free space on the host, for example with `docker image prune`.",
            kind: .refused
        )
    }
}
