import Glibc

/// Writes whole texts to a descriptor; what cannot be written is dropped, as for any closed pipe.
enum StandardStreams {
    /// Opens /dev/null in the place of a standard stream that was closed: a state file that got its number
    /// would take the program's talk.
    static func secure() {
        while true {
            let descriptor = open("/dev/null", O_RDWR)
            // The lowest number that is free is given out.
            guard descriptor >= 0, descriptor <= STDERR_FILENO else {
                if descriptor >= 0 { close(descriptor) }
                return
            }
        }
    }

    /// Data; who asked for it is told when it could not be written, as on a full disk.
    ///
    /// - Returns: whether it is written, or nobody reads any more.
    @discardableResult
    static func out(_ text: String) -> Bool {
        guard !write(text, to: STDOUT_FILENO), errno != EPIPE else { return true }
        let reason = String(cString: strerror(errno))
        talk("geusemaker: the output could not be written: \(reason)\n")
        return false
    }

    /// Talk.
    static func talk(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}
