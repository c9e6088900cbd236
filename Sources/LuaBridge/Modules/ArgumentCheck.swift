import GeuseRuntime

/// Holds the values of a call against the declaration and brings them into its form.
struct ArgumentCheck {
    /// The full name of the function, for messages.
    let function: String

    /// The arguments by name.
    ///
    /// - Throws: `Diagnostic` of kind usage that names the parameter, what it should be and what it is.
    func arguments(_ values: [ScriptValue], _ parameters: [Parameter]) throws -> ScriptMap {
        let expected = parameters.filter { !$0.isFunction }
        try count(values.count, of: expected)
        var result = ScriptMap()
        for (index, parameter) in expected.enumerated() {
            let value = index < values.count ? values[index] : .nil
            result[parameter.name] = try member(parameter, value, parameter.name)
        }
        return result
    }

    /// Refuses more values than there are parameters.
    func count(_ given: Int, of expected: [Parameter]) throws {
        guard given > expected.count else { return }
        throw Diagnostic(
            "too_many_arguments",
            "\(function) takes \(Self.count(expected.count, "argument")), got \(given).",
            hint: Self.excess(expected),
            kind: .usage
        )
    }

    private static func excess(_ expected: [Parameter]) -> String? {
        if expected.isEmpty { return nil }
        // Several parts of one text: as print would take them.
        if expected.count == 1, case .string = expected[0].type {
            return "Join the parts with `..`."
        }
        return "They are: \(expected.map(\.name).joined(separator: ", "))."
    }

    /// The value of a parameter or key, nil when it is absent and may be.
    func member(_ declared: Parameter, _ value: ScriptValue, _ path: String) throws
        -> ScriptValue?
    {
        if value == .nil {
            if declared.isOptional { return nil }
            throw Diagnostic(
                "missing_argument",
                "\(function): \(path) is missing.",
                hint: "It must be \(Self.article(declared.type)).",
                kind: .usage
            )
        }
        let found = try self.value(value, declared.type, path)
        if let range = declared.range, let number = found.doubleValue, !range.contains(number) {
            let ends = [range.lowerBound, range.upperBound].map {
                Int(exactly: $0).map(String.init) ?? String($0)
            }
            throw Diagnostic(
                "invalid_argument",
                "\(function): \(path) must be from \(ends[0]) to \(ends[1]), got \(Self.shown(value)).",
                kind: .usage
            )
        }
        if let rule = declared.rule, case .list(let elements) = found {
            try rule(elements.compactMap(\.stringValue))
        }
        return found
    }

    /// The longest text that a function takes, in bytes: a person is to read it, or a host to be sent it.
    static let longestText = 16 << 10

    func value(_ value: ScriptValue, _ type: ParameterType, _ path: String) throws
        -> ScriptValue
    {
        if case .string(let text) = value, text.utf8.count > Self.longestText {
            throw tooLong(path, "is longer than \(Self.longestText >> 10) KiB", "text_too_long")
        }
        switch (type, value) {
        case (.any, _), (.string, .string), (.boolean, .bool), (.integer, .int), (.number, .int):
            return value
        case (.number, .double(let number)) where number.isFinite: return value
        case (.integer, .double):
            guard let whole = value.intValue else { throw wrong(value, type, path) }
            return .int(whole)
        case (.choice(let texts), .string(let text)):
            guard texts.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
                throw notAChoice(text, texts, path)
            }
            return value
        case (.identifier(let grammar), .string(let text)):
            try check(text, grammar, path)
            return value
        case (.list(let element, let limit), .list(let elements)):
            guard elements.count <= limit else {
                throw tooLong(path, "has \(elements.count) elements; it takes at most \(limit)")
            }
            return .list(
                try elements.enumerated().map { index, each in
                    try self.value(each, element, "\(path)[\(index + 1)]")
                }
            )
        case (.map(let element), .list(let none)) where none.isEmpty:
            _ = element
            return .map(ScriptMap())
        case (.map(let element), .map(let map)) where map.positions.isEmpty:
            let members = try map.members.map { name, each in
                do {
                    return (name: name, value: try self.value(each, element, path))
                } catch {
                    // Again for the message: only there the name has to be fit to be shown.
                    let path = "\(path).\(VisibleText.filtered(name))"
                    return (name: name, value: try self.value(each, element, path))
                }
            }
            return .map(ScriptMap(unique: members, positions: []))
        case (.table(let fields), .list(let none)) where none.isEmpty:
            return .map(try table(ScriptMap(), fields, path))
        case (.table(let fields), .map(let map)) where map.positions.isEmpty:
            return .map(try table(map, fields, path))
        case (.either(let types), _): return try either(value, types, path)
        default: throw wrong(value, type, path)
        }
    }

    private func table(_ map: ScriptMap, _ fields: [Parameter], _ path: String) throws -> ScriptMap
    {
        try keys(map.keys, of: fields, path)
        var result = ScriptMap()
        for field in fields {
            result[field.name] = try member(field, map[field.name] ?? .nil, "\(path).\(field.name)")
        }
        return result
    }

    private func tooLong(_ path: String, _ why: String, _ code: String = "list_too_long")
        -> Diagnostic
    { Diagnostic(code, "\(function): \(path) \(why).", kind: .usage) }

    /// Refuses a key that a table does not have.
    func keys(_ names: [String], of fields: [Parameter], _ path: String) throws {
        for name in names
        where !fields.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
            let known = fields.map(\.name)
            throw Diagnostic(
                "unknown_key",
                "\(function): \(path) has no key \(VisibleText.quoted(name)).",
                hint: NearNames.closest(to: name, among: known).map { "Did you mean \($0)?" }
                    ?? "Its keys are: \(known.joined(separator: ", ")).",
                kind: .usage
            )
        }
    }

    /// The first type that fits; if none does, the error of the one that looks alike.
    private func either(_ value: ScriptValue, _ types: [ParameterType], _ path: String) throws
        -> ScriptValue
    {
        var closest: Diagnostic?
        for type in types {
            do {
                return try self.value(value, type, path)
            } catch let error as Diagnostic where error.code == "wrong_type" {
                continue
            } catch let error as Diagnostic {
                closest = closest ?? error
            }
        }
        throw closest ?? wrong(value, .either(types), path)
    }

    private func check(_ text: String, _ grammar: IdentifierType, _ path: String) throws {
        do {
            try grammar.check(text)
        } catch let error as Diagnostic {
            throw Diagnostic(
                error.code,
                "\(function): \(path): \(error.summary)",
                detail: error.detail,
                hint: error.hint,
                kind: .usage
            )
        }
    }

    private func notAChoice(_ text: String, _ texts: [String], _ path: String) -> Diagnostic {
        Diagnostic(
            "invalid_choice",
            "\(function): \(path) can't be \(VisibleText.quoted(text)).",
            hint: NearNames.closest(to: text, among: texts).map { "Did you mean \"\($0)\"?" }
                ?? "It is \(ParameterType.choice(texts).name).",
            kind: .usage
        )
    }

    private func wrong(_ value: ScriptValue, _ type: ParameterType, _ path: String) -> Diagnostic {
        wrong(Self.shown(value), type, path)
    }

    /// The error for something of another type, in words.
    func wrong(_ shown: String, _ type: ParameterType, _ path: String) -> Diagnostic {
        Diagnostic(
            "wrong_type",
            "\(function): \(path) must be \(Self.article(type)), got \(shown).",
            kind: .usage
        )
    }

    private static func shown(_ value: ScriptValue) -> String {
        switch value {
        case .string(let text): "the string \(VisibleText.quoted(text))"
        case .bytes: "a string that is not valid UTF-8"
        case .int(let number): "the number \(number)"
        case .double(let number): "the number \(number)"
        case .bool(let flag): "\(flag)"
        case .nil: "nil"
        case .list(let elements) where elements.isEmpty: "an empty table"
        case .list: "a list"
        case .map(let map):
            map.positions.isEmpty ? "a table with keys" : "a list that also has keys"
        }
    }

    private static func article(_ type: ParameterType) -> String {
        switch type {
        case .any: "something"
        case .choice, .either: type.name
        default: ("aeiou".contains(type.name.prefix(1)) ? "an " : "a ") + type.name
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number == 0 ? "no" : String(number)) \(noun)s"
    }
}
