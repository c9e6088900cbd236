/// Percent-encoding as SigV4 wants it: everything but the unreserved characters of RFC 3986.
enum PercentEncoding {
    /// The encoded text.
    ///
    /// - Parameters:
    ///   - text: what to encode, as UTF-8.
    ///   - kept: further characters to leave as they are, such as the slash of a path.
    /// - Returns: ASCII text with upper-case hexadecimal digits.
    static func encode(_ text: String, keeping kept: String = "") -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            if Grammar.isLetter(byte) || Grammar.isDigit(byte) || "-_.~".utf8.contains(byte)
                || kept.utf8.contains(byte)
            {
                result.append(byte)
            } else {
                result.append(UInt8(ascii: "%"))
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Names and values as a query string or a form.
    static func form(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
    }
}
