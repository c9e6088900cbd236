import GeuseRuntime

/// Files that end with the test they belong to; one thread's own.
final class MemoryFiles: FileSystem {
    private var contents: [String: [UInt8]]
    private var held: Set<String> = []

    init(_ contents: [String: [UInt8]] = [:]) { self.contents = contents }

    /// The same files, apart from these from now on.
    func copy() -> MemoryFiles { MemoryFiles(contents) }

    func read(_ path: String) throws -> [UInt8] {
        guard let bytes = contents[path] else {
            throw Diagnostic("file_not_found", "\(VisibleText.quoted(path)) is not there.")
        }
        return bytes
    }

    func exists(_ path: String) -> Bool { contents[path] != nil }

    func list(_ directory: String) throws -> [String] {
        let prefix = directory + "/"
        let names = contents.keys.filter { $0.hasPrefix(prefix) }.map {
            String($0.dropFirst(prefix.count).prefix { $0 != "/" })
        }
        return Set(names).sorted()
    }

    func createDirectory(_ path: String) throws {}

    func replace(_ path: String, with bytes: [UInt8]) throws { contents[path] = bytes }

    func append(_ path: String, _ bytes: [UInt8]) throws {
        contents[path, default: []].append(contentsOf: bytes)
    }

    func remove(_ path: String) throws { contents[path] = nil }

    func lock(_ path: String, waiting seconds: Double, _ cancellation: Cancellation) throws
        -> any FileLock
    {
        guard held.insert(path).inserted else {
            throw Diagnostic("locked", "\(VisibleText.quoted(path)) is held.", kind: .locked)
        }
        return Held(self, path)
    }

    private final class Held: FileLock {
        private let files: MemoryFiles
        private let path: String

        init(_ files: MemoryFiles, _ path: String) {
            self.files = files
            self.path = path
        }

        func release() { files.held.remove(path) }
    }
}
