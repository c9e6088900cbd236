import GeuseRuntime

/// Finds scripts and the modules beside them.
public struct ScriptFile {
    /// The largest script that is read, in bytes.
    public static let limit = 1 << 20

    /// The source.
    public let source: ScriptSource
    /// SHA-256 of the source in hexadecimal, by which journals and plan files know it.
    public var hash: String { source.hash }
    /// The modules beside it that were asked for so far, which belong to what ran as it does.
    public var modules: [ModuleHash] { kept.hashes }
    /// Whether it is part of the program.
    public var isStock: Bool { folder == nil }
    private let folder: String?
    private let files: any FileSystem
    private let kept = ScriptModules()

    /// A source without files beside it; for tests.
    init(_ source: ScriptSource) {
        files = MemoryFiles()
        self.source = source
        folder = ""
    }

    /// A stock script, whatever files of that name there may be.
    ///
    /// - Parameters:
    ///   - script: the script.
    ///   - files: reads files.
    public init(_ script: StockScript, files: any FileSystem) {
        self.files = files
        source = ScriptSource(name: script.name, text: script.source)
        folder = nil
    }

    /// Finds a script: a path with a slash or an existing file, else a stock script of that name.
    ///
    /// - Parameters:
    ///   - name: what the user gave.
    ///   - files: reads it.
    /// - Throws: `Diagnostic` with code `script_not_found` or `script_unreadable`.
    public init(_ name: String, files: any FileSystem) throws {
        self.files = files
        let isPath = name.contains("/") || files.exists(name)
        if !isPath, let stock = try? StockScripts.script(name) {
            source = ScriptSource(name: stock.name, text: stock.source)
            folder = nil
            return
        }
        guard files.exists(name) else {
            throw Diagnostic(
                "script_not_found",
                "There is no script \(VisibleText.quoted(name)).",
                detail: isPath
                    ? nil : "Looked for it among the stock scripts and in the working directory.",
                hint: "Give a file, or one of the stock scripts: "
                    + StockScripts.all.map(\.name).joined(separator: ", ") + ".",
                kind: .usage
            )
        }
        let slash = name.lastIndex(of: "/")
        folder = slash.map { String(name[..<$0]) + "/" } ?? ""
        let shown = slash.map { String(name[name.index(after: $0)...]) } ?? name
        source = ScriptSource(name: shown, text: try Self.read(name, files))
    }

    /// The source of a module: a stock one has none, a file's are beside it.
    ///
    /// Each file is read once: who asks again gets what it was the first time, an error too.
    ///
    /// - Parameter name: the name given to `require`, dots for folders; its grammar was checked.
    /// - Returns: its source.
    /// - Throws: `Diagnostic` with code `module_not_found` or `too_many_modules`.
    public func module(_ name: String) throws -> ScriptSource {
        try kept.module(name) { try readModule(name) }
    }

    /// What a module is now, read unless it was already; nil for one that cannot be had.
    ///
    /// - Parameter name: any text.
    /// - Returns: SHA-256 of its text in hexadecimal.
    public func moduleHash(_ name: String) -> String? {
        guard ModuleName.accepts(name) else { return nil }
        return (try? module(name))?.hash
    }

    private func readModule(_ name: String) throws -> ScriptSource {
        let path = name.replacing(".", with: "/") + ".lua"
        guard let folder, files.exists(folder + path) else {
            throw Diagnostic(
                "module_not_found",
                "There is no module \(VisibleText.quoted(name)).",
                detail: folder.map {
                    "Looked for \(VisibleText.filtered($0.isEmpty ? "./" : $0))\(path)."
                }
            )
        }
        return ScriptSource(name: path, text: try Self.read(folder + path, files))
    }

    private static func read(_ path: String, _ files: any FileSystem) throws -> String {
        let bytes = try files.read(path)
        guard bytes.count <= limit, let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic(
                "script_unreadable",
                "The script \(VisibleText.quoted(path)) is not text, or longer than 1 MiB.",
                kind: .usage
            )
        }
        return text
    }
}
