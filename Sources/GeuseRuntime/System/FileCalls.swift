import Glibc

/// The label of a system call of `LiveFileSystem`.
public enum FileCall: String, Sendable, CaseIterable {
    /// open of the directory that holds the file.
    case openDirectory
    /// open of the file.
    case open
    /// fstat or fstatat.
    case stat
    /// fchmod.
    case chmod
    /// read.
    case read
    /// write.
    case write
    /// fsync of the file.
    case sync
    /// close of a file that was written; the kernel may report a late failure here.
    case close
    /// rename.
    case rename
    /// fsync of the directory.
    case syncDirectory
    /// mkdir.
    case makeDirectory
    /// unlink.
    case unlink
    /// ftruncate.
    case truncate
    /// flock.
    case lock
}

/// What a test lets happen at a call.
public enum FileFault: Sendable {
    /// The call is not made and fails with this errno.
    case error(CInt)
    /// A write takes only so many bytes.
    case short(Int)
}

/// The one way from `LiveFileSystem` to the kernel, so that a single call can be made to fail.
public final class FileCalls {
    private let fault: (FileCall) -> FileFault?

    /// Straight to the kernel.
    public init() { fault = { _ in nil } }

    /// Asks before each call whether it is to fail.
    public init(fault: @escaping (FileCall) -> FileFault?) { self.fault = fault }

    /// Makes a call, again for as long as a signal interrupts it.
    ///
    /// - Parameters:
    ///   - call: the label.
    ///   - path: the path for messages.
    ///   - body: the call itself, which returns -1 for failure and sets errno.
    /// - Returns: what the call returned.
    /// - Throws: `Diagnostic` made from errno.
    @discardableResult
    func make(_ call: FileCall, _ path: String, _ body: () -> Int) throws -> Int {
        while true {
            var number: CInt
            if case .error(let injected)? = fault(call) {
                number = injected
            } else {
                let result = body()
                if result >= 0 { return result }
                number = errno
            }
            // close: POSIX leaves the descriptor unspecified after EINTR; Linux has closed it.
            if number == EINTR, call == .close { return 0 }
            if number != EINTR { throw FileError.of(number, call, path) }
        }
    }

    /// Writes all bytes, however many calls that takes.
    func writeAll(_ file: CInt, _ bytes: [UInt8], _ path: String) throws {
        var done = 0
        while done < bytes.count {
            var count = bytes.count - done
            var injected: CInt?
            switch fault(.write) {
            case .error(let number)?: injected = number
            case .short(let most)?: count = min(count, max(1, most))
            case nil: break
            }
            let written = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { injected == nil ? write(file, $0 + done, count) : -1 } ?? 0
            }
            let number = injected ?? errno
            if written > 0 {
                done += written
            } else if written == 0 || number != EINTR {
                // A write that takes nothing would be tried for ever.
                throw FileError.of(written == 0 ? EIO : number, .write, path)
            }
        }
    }
}
