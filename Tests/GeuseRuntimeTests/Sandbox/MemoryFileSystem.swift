import Glibc
import Synchronization

@testable import GeuseRuntime

/// Files in memory with real locking between threads; whatever the sandbox has no business doing fails.
final class MemoryFileSystem: FileSystem, Sendable {
    private struct State {
        var files: [String: [UInt8]] = [:]
        var directories: Set<String> = []
        var held: Set<String> = []
        var writesLeft: Int?
    }

    private let state = Mutex(State())

    /// Every file's path, for assertions on what was left behind.
    var paths: [String] { state.withLock { $0.files.keys.sorted() } }

    /// Makes every write after so many more fail, as on a full disk.
    func failWrites(after count: Int) { state.withLock { $0.writesLeft = count } }

    /// Puts bytes in place as another program would.
    func plant(_ path: String, _ text: String) {
        state.withLock { $0.files[path] = Array(text.utf8) }
    }

    private static func unexpected(_ what: String) -> Diagnostic {
        Diagnostic("unexpected_call", "The sandbox must not do this: \(what)")
    }

    func read(_ path: String) throws -> [UInt8] {
        guard let bytes = state.withLock({ $0.files[path] }) else {
            throw Self.unexpected("read of a missing file \(path)")
        }
        return bytes
    }

    func exists(_ path: String) -> Bool { state.withLock { $0.files[path] != nil } }

    func list(_ directory: String) throws -> [String] {
        paths.filter { $0.hasPrefix(directory + "/") }.map {
            String($0.dropFirst(directory.utf8.count + 1))
        }
    }

    func createDirectory(_ path: String) throws {
        state.withLock { _ = $0.directories.insert(path) }
    }

    func replace(_ path: String, with bytes: [UInt8]) throws {
        try state.withLock { state in
            guard state.held.contains(path + ".lock") else {
                throw Self.unexpected("write of \(path) without its lock")
            }
            guard state.directories.contains(where: { path.hasPrefix($0 + "/") }) else {
                throw Self.unexpected("write of \(path) outside of any directory")
            }
            if let left = state.writesLeft {
                guard left > 0 else { throw Diagnostic("disk_full", "No space left on device.") }
                state.writesLeft = left - 1
            }
            state.files[path] = bytes
        }
    }

    func append(_ path: String, _ bytes: [UInt8]) throws {
        throw Self.unexpected("append to \(path)")
    }

    func remove(_ path: String) throws {
        try state.withLock { state in
            guard state.held.contains(path + ".lock") else {
                throw Self.unexpected("removal of \(path) without its lock")
            }
            state.files[path] = nil
        }
    }

    func lock(_ path: String, waiting seconds: Double, _ cancellation: Cancellation) throws
        -> any FileLock
    {
        guard state.withLock({ $0.directories.contains { path.hasPrefix($0 + "/") } }) else {
            throw Self.unexpected("lock of \(path) outside of any directory")
        }
        for _ in 0..<100_000 {
            if state.withLock({ $0.held.insert(path).inserted }) { return Lock(self, path) }
            usleep(100)
        }
        throw Diagnostic("locked", "\(path) stays locked.", kind: .locked)
    }

    /// Whether any lock is held now.
    var isLocked: Bool { state.withLock { !$0.held.isEmpty } }

    private final class Lock: FileLock {
        private let files: MemoryFileSystem
        private var path: String?

        init(_ files: MemoryFileSystem, _ path: String) {
            self.files = files
            self.path = path
        }

        func release() {
            guard let path else { return }
            files.state.withLock { _ = $0.held.remove(path) }
            self.path = nil
        }
    }
}
