// How the types of the standard library and of Core stand in the world file.

private func required<Value>(_ value: Value?, _ what: String) throws -> Value {
    guard let value else { throw unreadableWorld("not \(what)") }
    return value
}

extension String: WorldValue {
    var json: JSONValue { .string(self) }
    init(json: JSONValue) throws { self = try required(json.stringValue, "a string") }
}

extension Int: WorldValue {
    var json: JSONValue { .int(self) }
    init(json: JSONValue) throws { self = try required(json.intValue, "an integer") }
}

extension Double: WorldValue {
    var json: JSONValue { .double(self) }
    init(json: JSONValue) throws { self = try required(json.doubleValue, "a number") }
}

extension Bool: WorldValue {
    var json: JSONValue { .bool(self) }
    init(json: JSONValue) throws { self = try required(json.boolValue, "a boolean") }
}

extension JSONValue: WorldValue {
    var json: JSONValue { self }
    init(json: JSONValue) throws { self = json }
}

extension Timestamp: WorldValue {
    var json: JSONValue { .string(text) }
    init(json: JSONValue) throws {
        self = try required(json.stringValue.flatMap { Timestamp($0) }, "a time")
    }
}

extension Optional: WorldValue where Wrapped: WorldValue {
    var json: JSONValue { self?.json ?? .null }
    init(json: JSONValue) throws { self = json == .null ? nil : try Wrapped(json: json) }
}

extension Array: WorldValue where Element: WorldValue {
    var json: JSONValue { .array(map(\.json)) }
    init(json: JSONValue) throws {
        self = try required(json.arrayValue, "an array").map { try Element(json: $0) }
    }
}

extension Dictionary: WorldValue where Key == String, Value: WorldValue {
    var json: JSONValue {
        .object(JSONObject(unique: sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
    }
    init(json: JSONValue) throws {
        let members = try required(json.objectValue, "an object").members
        self = try .init(members.map { ($0.name, try Value(json: $0.value)) }) { $1 }
    }
}

extension InstanceID: WorldValue {}
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
