/// The content of one simulated file; text stays readable in the world file.
struct FileBytes: WorldValue, Sendable, Equatable {
    var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
    init(_ text: String) { bytes = Array(text.utf8) }

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var sha256: String { SandboxDigest.hex(bytes) }

    /// A string where the bytes are UTF-8, else an array of numbers, so that no byte is lost.
    var worldJSON: JSONValue {
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .array(bytes.map { .int(Int($0)) })
    }

    init(worldJSON json: JSONValue) throws {
        if let text = json.stringValue {
            self.init(text)
            return
        }
        self.init(
            try [Int](worldJSON: json).map {
                guard let byte = UInt8(exactly: $0) else { throw unreadableWorld("not a byte") }
                return byte
            }
        )
    }
}
