import CSystem
import Glibc

/// The real files, every step of a write checked and made durable.
public final class LiveFileSystem: FileSystem {
    /// A file longer than this is none of ours.
    private static let maximumSize = 64 << 20
    private let calls: FileCalls
    private let clock: any Clock

    /// Makes it; tests give calls that fail.
    public init(calls: FileCalls = FileCalls(), clock: any Clock = SystemClock()) {
        self.calls = calls
        self.clock = clock
    }

    /// The bytes of a regular file that nobody else can write.
    public func read(_ path: String) throws -> [UInt8] {
        // O_NONBLOCK: a FIFO put in the file's place must not hang the program.
        let file = try openFile(path, O_RDONLY | O_NONBLOCK)
        defer { Glibc.close(file) }
        let facts = try trustedFacts(file, path)
        guard facts.st_size <= Self.maximumSize else {
            throw Diagnostic("file_error", "\(VisibleText.quoted(path)) is larger than 64 MiB.")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: max(4096, Int(facts.st_size) + 1))
        while bytes.count <= Self.maximumSize {
            let count = try calls.make(.read, path) {
                Glibc.read(file, &buffer, buffer.count)
            }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }

    /// Whether something is there, a dangling link included.
    public func exists(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0
    }

    /// The names in a directory, sorted by bytes; empty when there is none.
    public func list(_ directory: String) throws -> [String] {
        let handle: DirectoryHandle
        do {
            handle = try DirectoryHandle(directory, calls)
        } catch let error as Diagnostic where error.code == "file_not_found" {
            return []
        }
        // fdopendir takes the descriptor over, so it gets one of its own.
        let copy = try calls.make(.openDirectory, directory) {
            Int(openat(handle.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        }
        guard let stream = fdopendir(CInt(copy)) else {
            let number = errno
            Glibc.close(CInt(copy))
            throw FileError.of(number, .openDirectory, directory)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw FileError.of(errno, .read, directory) }
        return names.sorted()
    }

    /// Makes a directory and those above it, mode 0700, each made durable in the one above.
    public func createDirectory(_ path: String) throws {
        var facts = stat()
        if lstat(path, &facts) == 0 {
            guard !facts.isLink else { throw FileError.symlink(path) }
            guard facts.isDirectory else { throw FileError.of(ENOTDIR, .makeDirectory, path) }
            return
        }
        let (parent, _) = split(path)
        if stat(parent, &facts) != 0 { try createDirectory(parent) }
        do {
            try calls.make(.makeDirectory, path) { Int(mkdir(path, 0o700)) }
        } catch let error as Diagnostic {
            // Another process may have been faster.
            guard lstat(path, &facts) == 0, facts.isDirectory else { throw error }
            return
        }
        let above = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { Glibc.close(above) }
        try calls.make(.syncDirectory, parent) { Int(fsync(above)) }
    }

    /// Removes a file, durably; one that is not there is no error.
    public func remove(_ path: String) throws {
        let (parent, name) = split(path)
        do {
            let directory = try DirectoryHandle(parent, calls)
            try calls.make(.unlink, path) { Int(unlinkat(directory.descriptor, name, 0)) }
            try directory.sync()
        } catch let error as Diagnostic where error.code == "file_not_found" {
            return
        }
    }

    /// Puts bytes in place of a file; after any failure the old file is there as it was.
    public func replace(_ path: String, with bytes: [UInt8]) throws {
        let (parent, name) = split(path)
        let directory = try DirectoryHandle(parent, calls)
        if let facts = try directory.facts(name) {
            guard !facts.isLink else { throw FileError.symlink(path) }
            guard facts.isRegular else { throw FileError.notRegular(path) }
        }
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        let temporary = ".\(name.utf8.count > 200 ? "long" : name).\(random).tmp"
        do {
            try writeNew(temporary, bytes, in: directory)
            try calls.make(.rename, path) {
                Int(renameat(directory.descriptor, temporary, directory.descriptor, name))
            }
        } catch {
            _ = try? calls.make(.unlink, path) {
                Int(unlinkat(directory.descriptor, temporary, 0))
            }
            throw error
        }
        try directory.sync()
    }

    private func writeNew(
        _ name: String,
        _ bytes: [UInt8],
        in directory: DirectoryHandle
    ) throws {
        let path = directory.path + "/" + name
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = CInt(
            try calls.make(.open, path) {
                Int(openat(directory.descriptor, name, flags, 0o600))
            }
        )
        do {
            // The umask may have taken bits that the owner needs.
            try calls.make(.chmod, path) { Int(fchmod(file, 0o600)) }
            try calls.writeAll(file, bytes, path)
            try calls.make(.sync, path) { Int(fsync(file)) }
        } catch {
            Glibc.close(file)
            throw error
        }
        try calls.make(.close, path) { Int(Glibc.close(file)) }
    }

    /// Adds bytes at the end of a file; a failure leaves the file at its old length where possible.
    public func append(_ path: String, _ bytes: [UInt8]) throws {
        let (parent, name) = split(path)
        let directory = try DirectoryHandle(parent, calls)
        let isNew = try directory.facts(name) == nil
        let file = try openFile(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, in: directory)
        defer { Glibc.close(file) }
        let facts = try trustedFacts(file, path)
        if facts.st_mode & 0o777 != 0o600 {
            try calls.make(.chmod, path) { Int(fchmod(file, 0o600)) }
        }
        do {
            try calls.writeAll(file, bytes, path)
            try calls.make(.sync, path) { Int(fsync(file)) }
        } catch {
            _ = try? calls.make(.truncate, path) { Int(ftruncate(file, facts.st_size)) }
            throw error
        }
        if isNew { try directory.sync() }
    }

    /// Takes an exclusive flock, the kind that GeuseMaker's lock files use on Unix too.
    public func lock(
        _ path: String,
        waiting seconds: Double,
        _ cancellation: Cancellation
    ) throws -> any FileLock {
        let deadline = clock.monotonic() + seconds
        while true {
            try cancellation.check()
            if let lock = try attemptLock(path) { return lock }
            let rest = deadline - clock.monotonic()
            guard rest > 0 else {
                throw Diagnostic(
                    "locked",
                    "\(VisibleText.quoted(path)) is locked by another process.",
                    kind: .locked
                )
            }
            try clock.sleep(min(rest, 0.05), cancellation)
        }
    }

    /// One attempt; nil when it is taken, or was removed between open and flock.
    private func attemptLock(_ path: String) throws -> FileDescriptorLock? {
        let file = try openFile(path, O_RDWR | O_CREAT | O_NONBLOCK)
        let lock = FileDescriptorLock(file)
        var held = stat()
        try calls.make(.stat, path) { Int(fstat(file, &held)) }
        guard held.isRegular else { throw FileError.notRegular(path) }
        guard
            try calls.make(
                .lock,
                path,
                { flock(file, LOCK_EX | LOCK_NB) == 0 ? 0 : errno == EWOULDBLOCK ? 1 : -1 }
            ) == 0
        else { return nil }
        // GeuseMaker's destroy unlinks lock files: a lock on a file without a name locks nothing.
        var named = stat()
        guard lstat(path, &named) == 0, named.st_ino == held.st_ino, named.st_dev == held.st_dev
        else { return nil }
        return lock
    }

    private func openFile(
        _ path: String,
        _ flags: CInt,
        in directory: DirectoryHandle? = nil
    ) throws -> CInt {
        let name = directory == nil ? path : split(path).name
        let base = directory?.descriptor ?? AT_FDCWD
        return CInt(
            try calls.make(.open, path) {
                Int(openat(base, name, flags | O_NOFOLLOW | O_CLOEXEC, 0o600))
            }
        )
    }

    private func trustedFacts(_ file: CInt, _ path: String) throws -> stat {
        var facts = stat()
        try calls.make(.stat, path) { Int(fstat(file, &facts)) }
        try facts.requireTrusted(path)
        return facts
    }

    private func split(_ path: String) -> (parent: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let parent = path[..<slash]
        return (parent.isEmpty ? "/" : String(parent), String(path[path.index(after: slash)...]))
    }
}

/// A flock that ends with its descriptor.
private final class FileDescriptorLock: FileLock {
    private var descriptor: CInt?

    init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { release() }

    func release() {
        guard let descriptor else { return }
        self.descriptor = nil
        // Unlocked by name first: a copy of the descriptor in a child must not keep the lock.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
