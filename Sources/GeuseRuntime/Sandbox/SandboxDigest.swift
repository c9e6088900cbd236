import Crypto

/// SHA-256 in hexadecimal, for file sums and for ids that look as real ones do.
enum SandboxDigest {
    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in SHA256.hash(data: bytes) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func hex(_ text: String) -> String { hex(Array(text.utf8)) }

    /// `i-`, `fs-` and the like with 17 hexadecimal digits, as AWS makes ids since 2016.
    static func resourceID(_ prefix: String, _ seed: String) -> String {
        "\(prefix)-0" + hex(prefix + "/" + seed).prefix(16)
    }
}
