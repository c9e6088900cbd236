import Glibc

/// Frames over a non-blocking socket: four bytes of length, little-endian, then the payload.
final class FrameChannel {
    /// What ends a read or write before its frame is complete.
    enum Interruption: Error, Equatable {
        /// The other side is gone.
        case closed
        /// The frame breaks the format.
        case malformed(WireError)
    }

    private static let chunk = 64 * 1024

    private let socket: Int32
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
    private var arrived: [UInt8] = []

    /// Takes over a socket; it is closed with this object.
    init(socket: Int32) { self.socket = socket }

    deinit {
        close(socket)
        scratch.deallocate()
    }

    /// Sends a frame.
    ///
    /// - Parameters:
    ///   - frame: its length, kind and value.
    ///   - tick: called before each wait, which lasts at most the milliseconds that it gives.
    /// - Throws: `Interruption`, or what `tick` throws.
    func send(_ frame: [UInt8], tick: () throws -> Int32) throws {
        var done = 0
        while done < frame.count {
            let sent = frame.withUnsafeBytes {
                Glibc.send(
                    socket,
                    $0.baseAddress.map { $0 + done },
                    $0.count - done,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if sent > 0 {
                done += sent
            } else if errno == EAGAIN {
                wait(Int16(POLLOUT), try tick())
            } else if errno != EINTR {
                throw Interruption.closed
            }
        }
    }

    /// Receives a frame: its kind and the bytes of its value.
    ///
    /// - Parameter tick: as of `send`.
    /// - Returns: the kind and the bytes.
    /// - Throws: `Interruption`, or what `tick` throws.
    func receive(tick: () throws -> Int32) throws -> (UInt8, ArraySlice<UInt8>) {
        while true {
            if let frame = try takeFrame() { return frame }
            wait(Int16(POLLIN), try tick())
            try fill()
        }
    }

    /// Whether something has arrived that nobody asked for.
    var hasUnreadBytes: Bool {
        var byte: UInt8 = 0
        return !arrived.isEmpty || recv(socket, &byte, 1, Int32(MSG_PEEK)) > 0
    }

    /// The first frame of what has arrived, if it is there to its end.
    private func takeFrame() throws -> (UInt8, ArraySlice<UInt8>)? {
        guard arrived.count >= 4 else { return nil }
        let length = arrived[0..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length > 0 else { throw Interruption.malformed(WireError("a frame is empty")) }
        guard length <= WireFormat.frameLimit else {
            throw Interruption.malformed(WireError("a frame of \(length) bytes is too long"))
        }
        guard arrived.count >= 4 + length else { return nil }
        let frame = arrived[..<(4 + length)]
        // What remains is almost always nothing.
        arrived = Array(arrived[(4 + length)...])
        return (frame[4], frame.dropFirst(5))
    }

    // A length alone makes nothing grow: only what has arrived is kept.
    private func fill() throws {
        let got = recv(socket, scratch.baseAddress, scratch.count, 0)
        if got > 0 {
            arrived.append(contentsOf: scratch[..<got])
        } else if got == 0 || (errno != EAGAIN && errno != EINTR) {
            throw Interruption.closed
        }
    }

    private func wait(_ events: Int16, _ milliseconds: Int32) {
        var entry = pollfd(fd: socket, events: events, revents: 0)
        _ = poll(&entry, 1, milliseconds)
    }
}
