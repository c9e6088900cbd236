import Glibc

/// This side of a child's standard streams: feeds one, empties the others.
struct ProcessStreams {
    /// Bytes kept up to a limit.
    struct Kept {
        var bytes: [UInt8] = []
        var isCut = false
    }

    private(set) var output = Kept()
    private(set) var errors = Kept()
    private var descriptors: [Int32]
    private let input: [UInt8]
    private var sent = 0
    private let limit: Int

    init(_ child: ProcessChild, input: [UInt8], limit: Int) {
        descriptors = [child.input, child.output, child.errors]
        self.input = input
        self.limit = limit
        endInputIfSent()
    }

    /// Whether both outputs came to their end.
    var isFinished: Bool { descriptors[1] < 0 && descriptors[2] < 0 }

    /// Moves what can be moved, waiting up to so many milliseconds for something.
    mutating func transfer(waiting milliseconds: Int32) {
        // poll(2) ignores a negative descriptor.
        var entries = [
            pollfd(fd: descriptors[0], events: Int16(POLLOUT), revents: 0),
            pollfd(fd: descriptors[1], events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptors[2], events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&entries, 3, milliseconds) > 0 else { return }
        if entries[0].revents != 0 { feed() }
        if entries[1].revents != 0 { empty(1) }
        if entries[2].revents != 0 { empty(2) }
    }

    /// Closes what is still open.
    mutating func close() { for index in 0..<3 { close(index) } }

    private mutating func feed() {
        let count = input[sent...].withUnsafeBytes { bytes in
            send(
                descriptors[0],
                bytes.baseAddress,
                min(bytes.count, 65536),
                Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
            )
        }
        if count < 0 {
            if errno != EINTR, errno != EAGAIN { close(0) }
            return
        }
        sent += count
        endInputIfSent()
    }

    private mutating func endInputIfSent() { if sent >= input.count { close(0) } }

    private mutating func empty(_ index: Int) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = read(descriptors[index], &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else { return close(index) }
        keep(buffer[..<count], index)
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>, _ index: Int) {
        var kept = index == 1 ? output : errors
        let room = max(0, limit - kept.bytes.count)
        kept.bytes += bytes.prefix(room)
        if bytes.count > room { kept.isCut = true }
        if index == 1 { output = kept } else { errors = kept }
    }

    private mutating func close(_ index: Int) {
        guard descriptors[index] >= 0 else { return }
        Glibc.close(descriptors[index])
        descriptors[index] = -1
    }
}
