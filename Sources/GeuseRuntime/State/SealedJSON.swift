/// A JSON object on one line that ends with a checksum of itself and of what came before it.
///
/// A torn, flipped, spliced or missing line does not open.
enum SealedJSON {
    private static let opening = Array(#","seal":""#.utf8)
    private static let closing = Array(#""}"#.utf8)
    private static let digits = 32

    /// The line of an object that has at least one member, without a newline, and its seal.
    static func seal(_ object: JSONObject, after previous: String) -> (line: [UInt8], seal: String)
    {
        let body = JSONWriter.bytes(.object(object)).dropLast()
        let seal = checksum(previous, body)
        return (Array(body) + opening + Array(seal.utf8) + closing, seal)
    }

    /// The object of a line and its seal; nil when the seal does not hold.
    static func open(_ line: [UInt8], after previous: String) -> (object: JSONObject, seal: String)?
    {
        let tail = opening.count + digits + closing.count
        guard line.count > tail else { return nil }
        let body = line.dropLast(tail)
        let seal = checksum(previous, body)
        let expected = opening + Array(seal.utf8) + closing
        guard Array(line.suffix(tail)) == expected,
            case .object(let object)? = try? JSONParser.parse(Array(body) + [UInt8(ascii: "}")])
        else { return nil }
        return (object, seal)
    }

    private static func checksum(_ previous: String, _ body: ArraySlice<UInt8>) -> String {
        String(Digest.sha256Hex(Array(previous.utf8) + body).prefix(digits))
    }
}
