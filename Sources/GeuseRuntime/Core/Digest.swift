import Crypto

/// SHA-256 and HMAC over bytes, in the forms that signing needs.
public enum Digest {
    /// The digest in lower-case hexadecimal.
    public static func sha256Hex(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    /// HMAC-SHA256.
    static func hmac(_ key: [UInt8], _ message: String) -> [UInt8] {
        Array(
            HMAC<SHA256>.authenticationCode(
                for: Array(message.utf8),
                using: SymmetricKey(data: key)
            )
        )
    }

    /// SHA-1 in hexadecimal: the name of a file in the SSO token cache, not a matter of security.
    static func sha1Hex(_ text: String) -> String {
        hex(Insecure.SHA1.hash(data: Array(text.utf8)))
    }

    /// Bytes in lower-case hexadecimal.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
