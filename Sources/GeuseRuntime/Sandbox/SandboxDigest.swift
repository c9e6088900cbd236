/// SHA-256 in hexadecimal, for file sums and for ids that look as real ones do.
enum SandboxDigest {
    static func hex(_ bytes: [UInt8]) -> String { Digest.sha256Hex(bytes) }

    static func hex(_ text: String) -> String { hex(Array(text.utf8)) }

    /// `i-`, `fs-` and the like with 17 hexadecimal digits, as AWS makes ids since 2016.
    static func resourceID(_ prefix: String, _ seed: String) -> String {
        "\(prefix)-0" + hex(prefix + "/" + seed).prefix(16)
    }
}
