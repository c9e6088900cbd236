import CSystem
import Glibc

/// An open directory, so that all calls on a file in it mean the same directory.
final class DirectoryHandle {
    let descriptor: CInt
    let path: String
    private let calls: FileCalls

    /// Opens a directory; its last component must not be a link and not open to everybody.
    init(_ path: String, _ calls: FileCalls) throws {
        self.path = path
        self.calls = calls
        do {
            descriptor = CInt(
                try calls.make(.openDirectory, path) {
                    Int(open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
                }
            )
        } catch let error as Diagnostic {
            // A link is reported as ENOTDIR here.
            var facts = stat()
            if error.code == "file_error", lstat(path, &facts) == 0, facts.isLink {
                throw FileError.symlink(path)
            }
            throw error
        }
        var facts = stat()
        try calls.make(.stat, path) { Int(fstat(descriptor, &facts)) }
        guard !facts.isWritable(by: S_IWOTH) || facts.isWritable(by: S_ISVTX) else {
            throw FileError.unsafe(path, why: "can be written by everybody", remedy: "chmod 700")
        }
        try facts.requireTrustedOwner(path)
    }

    deinit { Glibc.close(descriptor) }

    /// What a name in the directory is, links not followed; nil when there is nothing.
    func facts(_ name: String) throws -> stat? {
        var facts = stat()
        do {
            try calls.make(.stat, path + "/" + name) {
                Int(fstatat(descriptor, name, &facts, AT_SYMLINK_NOFOLLOW))
            }
        } catch let error as Diagnostic where error.code == "file_not_found" {
            return nil
        }
        return facts
    }

    /// Makes the directory's entries durable.
    func sync() throws { try calls.make(.syncDirectory, path) { Int(fsync(descriptor)) } }
}

extension stat {
    var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }

    func isWritable(by bits: mode_t) -> Bool { st_mode & bits != 0 }

    /// Refuses what another user could have put there or changed.
    ///
    /// GeuseMaker leaves files to the umask, so 0644, and 0664 where each user has a group of his
    /// own, are taken; they become 0600 with the next write.
    func requireTrusted(_ path: String) throws {
        guard !isLink else { throw FileError.symlink(path) }
        guard isRegular else { throw FileError.notRegular(path) }
        let groupMayWrite = isWritable(by: S_IWGRP) && st_gid != getegid() && st_gid != st_uid
        guard !isWritable(by: S_IWOTH), !groupMayWrite else {
            throw FileError.unsafe(path, why: "can be written by others", remedy: "chmod 600")
        }
        try requireTrustedOwner(path)
    }

    /// Refuses what belongs to neither this user nor root; root may work on anybody's files.
    func requireTrustedOwner(_ path: String) throws {
        let user = geteuid()
        guard st_uid == user || st_uid == 0 || user == 0 else {
            throw FileError.unsafe(
                path,
                why: "belongs to another user",
                remedy: "chown \(user)"
            )
        }
    }
}
