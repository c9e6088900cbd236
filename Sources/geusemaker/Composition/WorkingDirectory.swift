import Glibc

/// Where relative paths of the command line begin.
enum WorkingDirectory {
    /// A path that means the same file wherever it is read.
    ///
    /// - Parameter path: a path as it was given.
    /// - Returns: the path from the root on; as given where the directory has no name any more.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let name = getcwd(nil, 0) else { return path }
        defer { free(name) }
        let directory = String(cString: name)
        return directory == "/" ? "/" + path : directory + "/" + path
    }
}
