/// Writes values for the worker.
struct ValueEncoder {
    private(set) var bytes: [UInt8] = []
    private var values = 0

    /// A frame: four bytes of length, little-endian, the kind, the value.
    ///
    /// - Throws: `WireError` when the value is too deep, too large or has too many parts.
    static func frame(_ kind: WireFormat.FrameKind, _ value: ScriptValue) throws -> [UInt8] {
        var encoder = ValueEncoder()
        encoder.bytes.reserveCapacity(256)
        encoder.bytes.append(contentsOf: [0, 0, 0, 0, kind.rawValue])
        try encoder.put(value, depth: 0)
        let length = encoder.bytes.count - 4
        guard length <= WireFormat.frameLimit else { throw tooLarge }
        for index in 0..<4 {
            encoder.bytes[index] = UInt8(truncatingIfNeeded: length >> (8 * index))
        }
        return encoder.bytes
    }

    private mutating func put(_ value: ScriptValue, depth: Int) throws {
        try count()
        guard depth <= WireFormat.depthLimit + WireFormat.framing else {
            throw WireError("a value is nested more than \(WireFormat.depthLimit) deep")
        }
        switch value {
        case .nil: tag(.nil)
        case .bool(let flag): tag(flag ? .true : .false)
        case .int(let number): word(.integer, UInt64(bitPattern: number))
        case .double(let number): word(.double, number.bitPattern)
        case .string(let text): try string(text.utf8)
        case .bytes(let bytes): try string(bytes)
        case .list(let elements):
            tag(.list)
            try list(elements, depth)
        case .map(let map):
            tag(.map)
            try list(map.positions, depth)
            size(map.members.count)
            for (name, value) in map.members {
                try count()
                try string(name.utf8)
                try put(value, depth: depth + 1)
            }
        }
    }

    private mutating func count() throws {
        values += 1
        guard values <= WireFormat.valueLimit else { throw WireError("a value has too many parts") }
    }

    private mutating func list(_ elements: [ScriptValue], _ depth: Int) throws {
        size(elements.count)
        for element in elements { try put(element, depth: depth + 1) }
    }

    private mutating func tag(_ tag: WireFormat.Tag) { bytes.append(tag.rawValue) }

    private mutating func size(_ count: Int) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: count).littleEndian) {
            bytes.append(contentsOf: $0)
        }
    }

    private mutating func word(_ kind: WireFormat.Tag, _ word: UInt64) {
        tag(kind)
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func string(_ content: some Collection<UInt8>) throws {
        guard bytes.count + content.count <= WireFormat.frameLimit else { throw Self.tooLarge }
        tag(.string)
        size(content.count)
        // In one piece where it lies in one: a string's own iterator goes byte by byte.
        let isWhole: Void? = content.withContiguousStorageIfAvailable {
            bytes.append(contentsOf: $0)
        }
        if isWhole == nil { bytes.append(contentsOf: content) }
    }

    private static var tooLarge: WireError {
        WireError("a value is larger than \(WireFormat.frameLimit) bytes")
    }
}
