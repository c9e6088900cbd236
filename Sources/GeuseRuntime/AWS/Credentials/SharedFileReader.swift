import Glibc

/// Reads files that belong to other tools: configuration, tokens, caches.
///
/// Unlike `FileSystem` it follows symbolic links: configuration kept in a dotfiles directory and the
/// projected tokens of Kubernetes are links.
public protocol SharedFileReader: AnyObject {
    /// The bytes; nil when there is no such file.
    func read(_ path: String) throws -> [UInt8]?
}

/// The files of this machine.
public final class SystemSharedFiles: SharedFileReader {
    /// No such file is larger than this.
    private static let maximumSize = 4 * 1024 * 1024

    /// Makes a reader.
    public init() {}

    /// Reads a file.
    public func read(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure(path, errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(path, errno) }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= Self.maximumSize else { throw failure(path, EFBIG) }
        }
    }

    private func failure(_ path: String, _ number: Int32) -> Diagnostic {
        Diagnostic(
            "file_access_denied",
            "\(VisibleText.quoted(path)) can't be read.",
            detail: strerror(number).map { String(cString: $0) }
        )
    }
}
