/// Reads typed fields of an object, with errors that name the field by its whole path.
struct StateFields {
    let document: JSONObject
    private let path: String

    init(_ document: JSONObject, path: String = "") {
        self.document = document
        self.path = path
    }

    /// The path of a field, such as `config.region`.
    func name(_ field: String) -> String { path.isEmpty ? field : path + "." + field }

    /// Whether a field is there and is not null, which GeuseMaker takes for absence.
    func has(_ field: String) -> Bool { value(field) != nil }

    private func value(_ field: String) -> JSONValue? {
        guard let value = document[field], value != .null else { return nil }
        return value
    }

    private func problem(_ field: String, _ what: String) -> Diagnostic {
        StateProblem.field(name(field), value(field) == nil ? "is missing" : what)
    }

    func text(_ field: String) throws -> String {
        guard let text = value(field)?.stringValue else { throw problem(field, "is not a text") }
        return text
    }

    func requireText(_ field: String) throws {
        guard try !text(field).isEmpty else { throw problem(field, "is empty") }
    }

    func optionalText(_ field: String) throws -> String? {
        has(field) ? try text(field) : nil
    }

    func optionalBool(_ field: String) throws {
        guard !has(field) || value(field)?.boolValue != nil else {
            throw problem(field, "is not true or false")
        }
    }

    func optionalTime(_ field: String) throws {
        guard let text = try optionalText(field) else { return }
        guard StateTime.read(text) != nil else { throw problem(field, "is not a time") }
    }

    func identifier<ID: Identifier>(_ field: String, _ type: ID.Type) throws -> ID {
        let text = try text(field)
        do { return try ID(text) } catch { throw StateProblem.field(name(field), error) }
    }

    func texts(_ field: String) throws -> [String] {
        guard let elements = value(field)?.arrayValue else { throw problem(field, "is not a list") }
        return try elements.map {
            guard let text = $0.stringValue else {
                throw problem(field, "is not a list of texts")
            }
            return text
        }
    }

    func object(_ field: String) throws -> StateFields {
        guard let object = value(field)?.objectValue else {
            throw problem(field, "is not an object")
        }
        return StateFields(object, path: name(field))
    }

    func optionalObject(_ field: String) throws -> StateFields? {
        has(field) ? try object(field) : nil
    }

    /// The objects of a list; none when the field is absent.
    func objects(_ field: String) throws -> [StateFields] {
        guard has(field) else { return [] }
        guard let elements = value(field)?.arrayValue else { throw problem(field, "is not a list") }
        return try elements.enumerated().map { index, element in
            guard let object = element.objectValue else {
                throw StateProblem.field(name("\(field)[\(index)]"), "is not an object")
            }
            return StateFields(object, path: name("\(field)[\(index)]"))
        }
    }
}

extension JSONValue {
    /// The integer of a number that has no fraction, however it is written.
    ///
    /// GeuseMaker's models take 15.0 for 15 (pydantic, "Conversion Table"), and may have such a file.
    var wholeNumber: Int? { intValue ?? doubleValue.flatMap { Int(exactly: $0) } }
}

/// Times of state files.
enum StateTime {
    /// Reads a time; one without a zone, as old files have them, is UTC.
    static func read(_ text: String) -> Timestamp? { Timestamp(text) ?? Timestamp(text + "Z") }
}
