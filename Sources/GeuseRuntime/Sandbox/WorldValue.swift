/// A value that the world file can hold.
protocol WorldValue {
    /// Its JSON form.
    var worldJSON: JSONValue { get }
    /// Reads the JSON form back; anything else is refused with `sandbox_unreadable`.
    init(worldJSON json: JSONValue) throws
}

/// A structure that is described once, by its list of fields, for writing and for reading.
protocol WorldRecord: WorldValue {
    /// A value for reading to fill; every field of it is overwritten.
    static var blank: Self { get }
    /// The fields, in the order in which they are written.
    static var fields: [WorldField<Self>] { get }
}

/// One stored property of a record under its name in the file.
struct WorldField<Record> {
    let name: String
    let read: (Record) -> JSONValue
    let write: (inout Record, JSONValue) throws -> Void

    init<Value: WorldValue>(_ name: String, _ path: WritableKeyPath<Record, Value>) {
        self.name = name
        read = { $0[keyPath: path].worldJSON }
        write = { record, json in record[keyPath: path] = try Value(worldJSON: json) }
    }
}

/// The refusal of a world file that does not say what it has to say.
func unreadableWorld(_ detail: String) -> Diagnostic {
    Diagnostic(
        "sandbox_unreadable",
        "The sandbox file does not hold what it should.",
        detail: detail,
        hint: "Remove the sandbox stack and create it again."
    )
}

extension WorldRecord {
    var worldJSON: JSONValue {
        .object(JSONObject(unique: Self.fields.map { ($0.name, $0.read(self)) }))
    }

    init(worldJSON json: JSONValue) throws {
        guard case .object(let object) = json else {
            throw unreadableWorld("\(Self.self) is not an object")
        }
        self = Self.blank
        for field in Self.fields {
            do {
                // An absent member reads as null, which only an optional accepts.
                try field.write(&self, object[field.name] ?? .null)
            } catch let error as Diagnostic {
                throw unreadableWorld("\(Self.self).\(field.name): \(error.detail ?? error.code)")
            }
        }
    }
}

extension WorldValue where Self: Identifier {
    var worldJSON: JSONValue { .string(text) }

    init(worldJSON json: JSONValue) throws {
        guard let text = json.stringValue, Self.accepts(text) else {
            throw unreadableWorld("not a valid \(Self.label)")
        }
        self.init(unchecked: text)
    }
}

extension WorldValue where Self: RawRepresentable, RawValue == String {
    var worldJSON: JSONValue { .string(rawValue) }

    init(worldJSON json: JSONValue) throws {
        guard let text = json.stringValue, let value = Self(rawValue: text) else {
            throw unreadableWorld("not a known \(Self.self)")
        }
        self = value
    }
}
