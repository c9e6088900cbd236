/// The files that the program keeps, with the care that state needs.
///
/// No call follows a symbolic link in the last component of a path. All throw `Diagnostic`; the code is
/// `file_not_found`, `file_is_symlink`, `file_not_regular`, `file_unsafe_mode` (others could have
/// written it), `file_access_denied`, `disk_full`, `file_read_only` or `file_error`.
public protocol FileSystem: AnyObject {
    /// The bytes of a regular file.
    func read(_ path: String) throws -> [UInt8]
    /// Whether something is there, a dangling link included.
    func exists(_ path: String) -> Bool
    /// The names in a directory, sorted; empty when there is none.
    func list(_ directory: String) throws -> [String]
    /// Makes a directory and those above it, mode 0700; an existing one is left as it is.
    func createDirectory(_ path: String) throws
    /// Puts bytes in place of a file: temporary file, fsync, rename, fsync of the directory; mode 0600.
    func replace(_ path: String, with bytes: [UInt8]) throws
    /// Adds bytes at the end of a file, which is made if need be, and fsyncs; mode 0600.
    func append(_ path: String, _ bytes: [UInt8]) throws
    /// Removes a file; one that is not there is no error.
    func remove(_ path: String) throws
    /// Takes an exclusive flock on a file, which is made if need be.
    ///
    /// - Parameters:
    ///   - path: the lock file.
    ///   - seconds: how long to wait for it.
    ///   - cancellation: ends the wait.
    /// - Returns: the lock; it is held until `release` or the end of the process.
    /// - Throws: `Diagnostic` of kind locked when it stays taken.
    func lock(_ path: String, waiting seconds: Double, _ cancellation: Cancellation) throws
        -> any FileLock
}

/// A held flock.
public protocol FileLock: AnyObject {
    /// Lets it go; twice is no error.
    func release()
}
