import GeuseRuntime

/// The modules beside a script, each kept as it was when it was first asked for.
///
/// A script runs twice, and what was rehearsed and confirmed is what has to run: a file that is edited,
/// made or removed in between changes nothing any more.
final class ScriptModules {
    /// No script needs more; they are kept for all of the run.
    private static let limits = (count: 1000, bytes: 64 << 20)

    private var known: [String: Result<ScriptSource, any Error>] = [:]
    private var bytes = 0

    /// The module of that name, read by `read` the first time.
    ///
    /// - Throws: what `read` threw then; `Diagnostic` with code `too_many_modules`.
    func module(_ name: String, _ read: () throws -> ScriptSource) throws -> ScriptSource {
        if let found = known[name] { return try found.get() }
        guard known.count < Self.limits.count, bytes < Self.limits.bytes else {
            throw Diagnostic(
                "too_many_modules",
                "The script asks for more than \(Self.limits.count) modules, "
                    + "or for more than \(Self.limits.bytes >> 20) MiB of them.",
                kind: .usage
            )
        }
        let found = Result { try read() }
        known[name] = found
        if case .success(let source) = found { bytes += source.text.utf8.count }
        return try found.get()
    }

    /// What was asked for so far, by name.
    var hashes: [ModuleHash] {
        known.sorted { $0.key < $1.key }.map { name, found in
            ModuleHash(name: name, sha256: (try? found.get())?.hash)
        }
    }
}

extension ScriptSource {
    /// SHA-256 of the text in hexadecimal.
    var hash: String { Digest.sha256Hex(Array(text.utf8)) }
}
