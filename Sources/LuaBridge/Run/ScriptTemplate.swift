import GeuseRuntime

/// The two files that a new script begins as: the script and its tests.
public struct ScriptTemplate {
    /// A file to write.
    public struct File: Sendable, Equatable {
        /// Where.
        public let path: String
        /// What.
        public let text: String
    }

    /// The script, then its tests.
    public let files: [File]

    /// The files of a new script.
    ///
    /// - Parameter name: its name, perhaps behind a folder and with `.lua`; one that `require` and
    ///   `geusemaker run` take without quotes.
    /// - Throws: `Diagnostic` with code `invalid_script_name`.
    public init(_ name: String) throws {
        let path = name.hasSuffix(".lua") ? String(name.dropLast(4)) : name
        let word = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard ModuleName.isPlain(String(word)), !word.hasSuffix("_test") else {
            throw Diagnostic(
                "invalid_script_name",
                "\(VisibleText.quoted(name)) can't be the name of a script.",
                detail: "It is letters, digits, _ and -, and does not end in _test.",
                kind: .usage
            )
        }
        let texts = [PackageResources.script_lua, PackageResources.script_test_lua].map {
            String(decoding: $0, as: UTF8.self).replacing("NAME", with: word)
        }
        files = [
            File(path: path + ".lua", text: texts[0]),
            File(path: path + "_test.lua", text: texts[1]),
        ]
    }

    /// Writes the files; if one of them is there already, none is written.
    public func write(_ system: any FileSystem) throws {
        if let there = files.first(where: { system.exists($0.path) }) {
            throw Diagnostic(
                "file_exists",
                "\(VisibleText.quoted(there.path)) is there already.",
                detail: "Nothing was written.",
                hint: "Choose another name.",
                kind: .refused
            )
        }
        for file in files { try system.replace(file.path, with: Array(file.text.utf8)) }
    }
}
