// How the types of the standard library and of Core stand in the world file.

private func required<Value>(_ value: Value?, _ what: String) throws -> Value {
    guard let value else { throw unreadableWorld("not \(what)") }
    return value
}

extension String: WorldValue {
    var worldJSON: JSONValue { .string(self) }
    init(worldJSON json: JSONValue) throws { self = try required(json.stringValue, "a string") }
}

extension Int: WorldValue {
    var worldJSON: JSONValue { .int(self) }
    init(worldJSON json: JSONValue) throws { self = try required(json.intValue, "an integer") }
}

extension Double: WorldValue {
    var worldJSON: JSONValue { .double(self) }
    init(worldJSON json: JSONValue) throws { self = try required(json.doubleValue, "a number") }
}

extension Bool: WorldValue {
    var worldJSON: JSONValue { .bool(self) }
    init(worldJSON json: JSONValue) throws { self = try required(json.boolValue, "a boolean") }
}

extension JSONValue: WorldValue {
    var worldJSON: JSONValue { self }
    init(worldJSON json: JSONValue) throws { self = json }
}

extension Timestamp: WorldValue {
    var worldJSON: JSONValue { .string(text) }
    init(worldJSON json: JSONValue) throws {
        self = try required(json.stringValue.flatMap { Timestamp($0) }, "a time")
    }
}

extension Optional: WorldValue where Wrapped: WorldValue {
    var worldJSON: JSONValue { self?.worldJSON ?? .null }
    init(worldJSON json: JSONValue) throws {
        self = json == .null ? nil : try Wrapped(worldJSON: json)
    }
}

extension Array: WorldValue where Element: WorldValue {
    var worldJSON: JSONValue { .array(map(\.worldJSON)) }
    init(worldJSON json: JSONValue) throws {
        self = try required(json.arrayValue, "an array").map { try Element(worldJSON: $0) }
    }
}

extension Dictionary: WorldValue where Key == String, Value: WorldValue {
    var worldJSON: JSONValue {
        .object(JSONObject(unique: sorted { $0.key < $1.key }.map { ($0.key, $0.value.worldJSON) }))
    }
    init(worldJSON json: JSONValue) throws {
        let members = try required(json.objectValue, "an object").members
        self = try .init(members.map { ($0.name, try Value(worldJSON: $0.value)) }) { $1 }
    }
}

extension InstanceID: WorldValue {}
extension RunID: WorldValue {}
extension InstanceType: WorldValue {}
extension FileSystemID: WorldValue {}
extension ServiceName: WorldValue {}
extension ImageReference: WorldValue {}
extension StackName: WorldValue {}
extension Region: WorldValue {}
extension Instance.State: WorldValue {}
extension ServiceFacts.Health: WorldValue {}
extension StorageFacts.Answer: WorldValue {}
extension ApplyEvidence.Stage: WorldValue {}
