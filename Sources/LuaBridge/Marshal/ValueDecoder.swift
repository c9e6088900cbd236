/// Reads values from the worker, which may send anything.
struct ValueDecoder {
    private var rest: ArraySlice<UInt8>
    private var values = 0

    /// The value that fills these bytes exactly.
    ///
    /// - Throws: `WireError` for anything that the format does not allow.
    static func value(_ bytes: ArraySlice<UInt8>) throws -> ScriptValue {
        var decoder = ValueDecoder(rest: bytes)
        let value = try decoder.take(depth: 0)
        guard decoder.rest.isEmpty else { throw WireError("bytes are left over behind a value") }
        return value
    }

    private init(rest: ArraySlice<UInt8>) { self.rest = rest }

    private mutating func take(depth: Int) throws -> ScriptValue {
        try count()
        guard depth <= WireFormat.depthLimit + WireFormat.framing else {
            throw WireError("a value is nested too deep")
        }
        switch try tag() {
        case .nil: return .nil
        case .false: return .bool(false)
        case .true: return .bool(true)
        case .integer: return .int(Int64(bitPattern: try number(8)))
        case .double: return .double(Double(bitPattern: try number(8)))
        case .string: return Self.text(try bytes())
        case .list: return .list(try list(depth))
        case .map: return .map(try map(depth))
        }
    }

    private mutating func count() throws {
        values += 1
        guard values <= WireFormat.valueLimit else { throw WireError("a value has too many parts") }
    }

    private mutating func list(_ depth: Int) throws -> [ScriptValue] {
        let count = try size()
        var elements: [ScriptValue] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try take(depth: depth + 1)) }
        return elements
    }

    private mutating func map(_ depth: Int) throws -> ScriptMap {
        let positions = try list(depth)
        let count = try size()
        var members: [(name: String, value: ScriptValue)] = []
        members.reserveCapacity(count)
        var last: ArraySlice<UInt8>?
        for _ in 0..<count {
            try self.count()
            guard try tag() == .string else { throw WireError("a key is not a string") }
            let key = try bytes()
            // The worker sends keys sorted, which shows at once that none comes twice.
            if let last, !last.lexicographicallyPrecedes(key) {
                throw WireError("keys are not in order")
            }
            last = key
            guard key.count <= WireFormat.keyLimit else { throw WireError("a key is too long") }
            guard case .string(let name) = Self.text(key) else {
                throw WireError("a key is not valid UTF-8")
            }
            members.append((name, try take(depth: depth + 1)))
        }
        return ScriptMap(unique: members, positions: positions)
    }

    private mutating func tag() throws -> WireFormat.Tag {
        guard let byte = rest.popFirst() else { throw WireError("a value is cut short") }
        guard let tag = WireFormat.Tag(rawValue: byte) else {
            throw WireError("unknown kind of value")
        }
        return tag
    }

    private mutating func number(_ width: Int) throws -> UInt64 {
        guard rest.count >= width else { throw WireError("a number is cut short") }
        let value = rest.prefix(width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(width)
        return value
    }

    /// A count of things that take at least one byte each.
    private mutating func size() throws -> Int {
        let count = Int(try number(4))
        guard count <= rest.count else { throw WireError("a count is larger than its frame") }
        return count
    }

    private mutating func bytes() throws -> ArraySlice<UInt8> {
        let count = try size()
        let content = rest.prefix(count)
        rest = rest.dropFirst(count)
        return content
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> ScriptValue {
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return .bytes(Array(bytes))
    }
}
