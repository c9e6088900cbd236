import GeuseRuntime

/// The options that a script declares with `geuse.options{…}`, and the reading of its arguments.
public struct ScriptOptions: Sendable, Equatable {
    /// One declared option.
    public struct Option: Sendable, Equatable {
        /// The name in Lua, such as `instance_type`; on the command line `--instance-type`.
        public var name: String
        /// What stands for the value in help, such as `TYPE`; a flag has none.
        public var placeholder: String?
        /// What it is for.
        public var doc: String
        /// Whether it may be given several times, giving a list.
        public var isList: Bool
        /// Whether its value is `KEY=VALUE`, giving a map.
        public var isMap: Bool
        /// Whether it has to be given.
        public var isRequired: Bool
        /// The value when it is not given.
        public var standard: ScriptValue?

        /// The spelling on the command line.
        public var flag: String { "--" + name.replacing("_", with: "-") }
    }

    /// The options, by name.
    public let options: [Option]

    /// What an option's table can say about it besides the placeholder.
    static let keys = ["default", "doc", "list", "map", "required"]

    /// The error of reading an option that was not declared.
    static func undeclared(_ name: String, among names: [String]) -> Diagnostic {
        Diagnostic(
            "undeclared_option",
            "The option \(VisibleText.quoted(name)) was not declared.",
            hint: NearNames.closest(to: name, among: names).map { "Did you mean \($0)?" },
            kind: .usage
        )
    }

    /// Those of a script that declares none.
    init() { options = [] }

    /// Reads a declaration.
    ///
    /// - Parameter declaration: the table given to `geuse.options`.
    /// - Throws: `Diagnostic` with code `invalid_options` naming the entry.
    public init(_ declaration: ScriptMap) throws {
        guard declaration.positions.isEmpty else {
            throw Self.invalid("1", "options are declared by name")
        }
        guard declaration.members.count <= 100 else {
            throw Self.invalid(
                declaration.members[100].name,
                "a script has at most 100 options"
            )
        }
        options = try declaration.members.map { name, value in
            guard name.utf8.allSatisfy(Self.isNameByte), let first = name.first, first.isLetter
            else { throw Self.invalid(name, "a name is lower-case letters, digits and _") }
            return try Self.option(name, value)
        }
    }

    private static func option(_ name: String, _ value: ScriptValue) throws -> Option {
        var option = Option(
            name: name,
            placeholder: nil,
            doc: "",
            isList: false,
            isMap: false,
            isRequired: false,
            standard: nil
        )
        let positions: [ScriptValue]
        var members: [(name: String, value: ScriptValue)] = []
        switch value {
        case .string: positions = [value]
        case .list(let list): positions = list
        case .map(let map):
            positions = map.positions
            members = map.members
        default: throw invalid(name, "it is neither a string nor a table")
        }
        guard positions.count <= 1 else { throw invalid(name, "it has more than one placeholder") }
        if let first = positions.first {
            guard let placeholder = first.stringValue else {
                throw invalid(name, "its placeholder is not a string")
            }
            option.placeholder = placeholder
        }
        for (key, value) in members {
            switch (key, value) {
            case ("doc", .string(let text)): option.doc = text
            case ("list", .bool(let flag)): option.isList = flag
            case ("map", .bool(let flag)): option.isMap = flag
            case ("required", .bool(let flag)): option.isRequired = flag
            case ("default", _): option.standard = value
            default:
                guard !keys.contains(key) else {
                    throw invalid(name, "\(VisibleText.quoted(key)) has a wrong type")
                }
                throw invalid(
                    name,
                    "it has no key \(VisibleText.quoted(key))",
                    hint: NearNames.closest(to: key, among: keys).map { "Did you mean \($0)?" }
                        ?? "Its keys are: \(keys.joined(separator: ", "))."
                )
            }
        }
        guard !(option.isList && option.isMap) else {
            throw invalid(
                name,
                "it can't be a list and a map",
                hint: "Keep list = true for values, map = true for KEY=VALUE."
            )
        }
        return option
    }

    /// Reads a script's arguments.
    ///
    /// - Parameter arguments: what stood after `--`.
    /// - Returns: a value for each declared option: a list or map is empty when it was not given,
    ///   a flag is false.
    /// - Throws: `Diagnostic` of kind usage.
    public func parse(_ arguments: [String]) throws -> ScriptMap {
        var given: [String: [String]] = [:]
        var rest = arguments[...]
        while let word = rest.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let option = options.first(where: { $0.flag == parts[0] }) else {
                throw usage(
                    "unknown_option",
                    "The script has no option \(VisibleText.quoted(word)).",
                    hint: near(parts[0])
                )
            }
            guard option.placeholder != nil else {
                guard parts.count == 1 else {
                    throw usage("flag_with_value", "\(option.flag) takes no value.")
                }
                given[option.name, default: []].append("")
                continue
            }
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                throw usage("missing_value", "\(option.flag) needs a value.")
            }
            if given[option.name] != nil, !option.isList, !option.isMap {
                throw usage("option_given_twice", "\(option.flag) was given twice.")
            }
            given[option.name, default: []].append(value)
        }
        return ScriptMap(try options.map { ($0.name, try value(of: $0, given[$0.name])) })
    }

    /// The options as lines of help.
    public var help: String {
        options.map { option in
            let value = option.placeholder.map { " " + $0 } ?? ""
            var remarks: [String] = []
            if option.isRequired { remarks.append("required") }
            if option.isList || option.isMap { remarks.append("repeatable") }
            if let standard = try? option.standard?.json() {
                remarks.append("default: " + (standard.stringValue ?? JSONWriter.write(standard)))
            }
            let remark = remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))"
            let doc = VisibleText.filtered(option.doc + remark)
            return "  \(option.flag)\(VisibleText.filtered(value))\n      \(doc)\n"
        }.joined()
    }

    private func value(of option: Option, _ given: [String]?) throws -> ScriptValue {
        guard let given else {
            if option.isRequired { throw usage("missing_option", "\(option.flag) is required.") }
            if let standard = option.standard { return standard }
            if option.isMap { return .list([]) }
            if option.isList { return .list([]) }
            return option.placeholder == nil ? .bool(false) : .nil
        }
        if option.placeholder == nil { return .bool(true) }
        if option.isMap {
            var map = ScriptMap()
            for pair in given {
                guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
                    throw usage(
                        "invalid_pair",
                        "\(VisibleText.quoted(pair)) is not KEY=VALUE, as \(option.flag) needs it."
                    )
                }
                let key = String(pair[..<equals])
                guard map[key] == nil else {
                    throw usage("key_given_twice", "\(option.flag) \(key) was given twice.")
                }
                map[key] = .string(String(pair[pair.index(after: equals)...]))
            }
            return .map(map)
        }
        if option.isList { return .list(given.map(ScriptValue.string)) }
        return .string(given.last ?? "")
    }

    private func usage(_ code: String, _ summary: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(
            code,
            summary,
            detail: options.isEmpty ? nil : "The script's options:\n" + help,
            hint: hint,
            kind: .usage
        )
    }

    /// The option that was probably meant; the dashes before a name are no part of it.
    private func near(_ word: Substring) -> String? {
        let name = String(word.drop { $0 == "-" })
        let flags = options.map { String($0.flag.dropFirst(2)) }
        return NearNames.closest(to: name, among: flags).map { "Did you mean --\($0)?" }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }

    private static func invalid(_ name: String, _ why: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(
            "invalid_options",
            "The option \(VisibleText.quoted(name)) is not well declared: \(why).",
            hint: hint
        )
    }
}
