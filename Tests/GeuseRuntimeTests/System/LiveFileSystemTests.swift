import Foundation
import Glibc
import Testing

@testable import GeuseRuntime

@Suite("LiveFileSystem")
struct LiveFileSystemTests {
    private let temporary: TemporaryDirectory
    private let files = LiveFileSystem()
    private var root: String { temporary.path }

    init() throws { temporary = try TemporaryDirectory() }

    private func mode(_ path: String) throws -> mode_t {
        var facts = stat()
        try #require(lstat(path, &facts) == 0)
        return facts.st_mode & 0o7777
    }

    @Test("what is written is read, with mode 0600 whatever the file had")
    func replace() throws {
        let path = root + "/a"
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        try files.replace(path, with: bytes)
        #expect(try files.read(path) == bytes)
        #expect(try mode(path) == 0o600)
        chmod(path, 0o644)
        try files.replace(path, with: [])
        #expect(try files.read(path) == [])
        #expect(try mode(path) == 0o600)
        #expect(try files.list(root) == ["a"])
    }

    @Test("appending adds, makes the file if need be, and tightens its mode")
    func append() throws {
        let path = root + "/log"
        try files.append(path, [1])
        #expect(try mode(path) == 0o600)
        chmod(path, 0o644)
        try files.append(path, [2, 3])
        #expect(try files.read(path) == [1, 2, 3])
        #expect(try mode(path) == 0o600)
    }

    @Test("directories are made with mode 0700 and those that exist stay as they are")
    func directories() throws {
        try files.createDirectory(root + "/a/b/c")
        for path in ["/a", "/a/b", "/a/b/c"] { #expect(try mode(root + path) == 0o700) }
        chmod(root + "/a", 0o755)
        try files.createDirectory(root + "/a")
        #expect(try mode(root + "/a") == 0o755)
        try files.replace(root + "/file", with: [])
        expectDiagnostic("file_error") { try files.createDirectory(root + "/file/x") }
        expectDiagnostic("file_error") { try files.createDirectory(root + "/file") }
    }

    @Test("no call goes through a link")
    func links() throws {
        try files.createDirectory(root + "/real")
        try files.replace(root + "/real/file", with: [1])
        symlink(root + "/real/file", root + "/link")
        symlink(root + "/nowhere", root + "/dangling")
        symlink(root + "/real", root + "/directory")
        #expect(files.exists(root + "/link") && files.exists(root + "/dangling"))
        for path in [root + "/link", root + "/dangling"] {
            expectDiagnostic("file_is_symlink") { try files.read(path) }
            expectDiagnostic("file_is_symlink") { try files.replace(path, with: [2]) }
            expectDiagnostic("file_is_symlink") { try files.append(path, [2]) }
            expectDiagnostic("file_is_symlink") {
                try files.lock(path, waiting: 0, Cancellation())
            }
        }
        expectDiagnostic("file_is_symlink") { try files.list(root + "/directory") }
        expectDiagnostic("file_is_symlink") { try files.createDirectory(root + "/directory") }
        expectDiagnostic("file_is_symlink") { try files.replace(root + "/directory/x", with: []) }
        #expect(try files.read(root + "/real/file") == [1])
        #expect(!files.exists(root + "/nowhere"))
        try files.remove(root + "/link")
        #expect(try files.list(root + "/real") == ["file"])
    }

    @Test("only regular files are read, and a FIFO does not hang")
    func notRegular() throws {
        mkfifo(root + "/fifo", 0o600)
        mkdir(root + "/directory", 0o700)
        for name in ["/fifo", "/directory"] {
            expectDiagnostic("file_not_regular") { try files.read(root + name) }
            expectDiagnostic("file_not_regular") { try files.replace(root + name, with: []) }
        }
        #expect(throws: Diagnostic.self) { try files.append(root + "/fifo", [1]) }
    }

    @Test("what others could have written is refused")
    func modes() throws {
        let path = root + "/a"
        try files.replace(path, with: [1])
        for bad in [mode_t(0o602), 0o666, 0o622] {
            chmod(path, bad)
            let error = expectDiagnostic("file_unsafe_mode") { try files.read(path) }
            #expect(error?.hint?.contains("chmod 600 \(path)") == true)
        }
        // What GeuseMaker leaves under the usual umasks.
        for good in [mode_t(0o644), 0o640, 0o664] {
            chmod(path, good)
            #expect(try files.read(path) == [1])
        }
        chmod(root, 0o707)
        expectDiagnostic("file_unsafe_mode") { try files.replace(path, with: [2]) }
        expectDiagnostic("file_unsafe_mode") { try files.list(root) }
        chmod(root, 0o700)
    }

    @Test("absence has a code, or is no error where that is promised")
    func absence() throws {
        expectDiagnostic("file_not_found") { try files.read(root + "/none") }
        expectDiagnostic("file_not_found") { try files.replace(root + "/none/a", with: []) }
        #expect(try files.list(root + "/none") == [])
        try files.remove(root + "/none")
        try files.remove(root + "/none/a")
        #expect(!files.exists(root + "/none"))
    }

    @Test("a path from elsewhere cannot steer the terminal")
    func hostilePath() throws {
        let error = expectDiagnostic("file_not_found") { try files.read(root + "/\u{1B}[2J") }
        #expect(error?.summary.contains("\u{1B}") == false)
    }

    @Test(
        "errno becomes a code",
        arguments: [
            (ENOSPC, "disk_full"), (EDQUOT, "disk_full"), (EROFS, "file_read_only"),
            (EACCES, "file_access_denied"), (EPERM, "file_access_denied"), (EIO, "file_error"),
            (ELOOP, "file_is_symlink"), (EMFILE, "file_error"),
        ]
    )
    func codes(number: CInt, code: String) {
        let calls = FileCalls { $0 == .open ? .error(number) : nil }
        let failing = LiveFileSystem(calls: calls)
        expectDiagnostic(code) { try failing.replace(root + "/a", with: [1]) }
        expectDiagnostic(code) { try failing.append(root + "/a", [1]) }
    }

    @Test("a write that takes a byte at a time is finished")
    func shortWrites() throws {
        let slow = LiveFileSystem(calls: FileCalls { $0 == .write ? .short(1) : nil })
        try slow.replace(root + "/a", with: [1, 2, 3])
        try slow.append(root + "/a", [4, 5])
        #expect(try files.read(root + "/a") == [1, 2, 3, 4, 5])
    }

    @Test("a file that is too large is refused before it is read")
    func tooLarge() throws {
        try files.replace(root + "/a", with: [])
        truncate(root + "/a", 65 << 20)
        expectDiagnostic("file_error") { try files.read(root + "/a") }
    }
}
