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

    private let socket: Int32

    /// Takes over a socket; it is closed with this object.
    init(socket: Int32) { self.socket = socket }

    deinit { close(socket) }

    /// Sends a frame.
    ///
    /// - Parameters:
    ///   - payload: its kind and value.
    ///   - tick: called before each wait, which lasts at most the milliseconds that it gives.
    /// - Throws: `Interruption`, or what `tick` throws.
    func send(_ payload: [UInt8], tick: () throws -> Int32) throws {
        var rest = ArraySlice(Self.length(payload.count) + payload)
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent > 0 {
                rest = rest.dropFirst(sent)
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
        let head = try receive(4, tick)
        let length = head.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length > 0 else { throw Interruption.malformed(WireError("a frame is empty")) }
        guard length <= WireFormat.frameLimit else {
            throw Interruption.malformed(WireError("a frame of \(length) bytes is too long"))
        }
        let payload = try receive(length, tick)
        return (payload[0], payload.dropFirst())
    }

    /// Whether something has arrived that nobody asked for.
    var hasUnreadBytes: Bool {
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, Int32(MSG_PEEK)) > 0
    }

    private func receive(_ count: Int, _ tick: () throws -> Int32) throws -> [UInt8] {
        // Grows as bytes arrive: a length alone does not make the core allocate.
        var bytes: [UInt8] = []
        while bytes.count < count {
            let room = min(count - bytes.count, 64 * 1024)
            var got = 0
            var failure: Int32 = 0
            bytes.append(
                contentsOf: [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                    got = recv(socket, buffer.baseAddress, room, 0)
                    failure = errno
                    initialized = max(got, 0)
                }
            )
            if got == 0 { throw Interruption.closed }
            if got < 0 {
                if failure == EAGAIN {
                    wait(Int16(POLLIN), try tick())
                } else if failure != EINTR {
                    throw Interruption.closed
                }
            }
        }
        return bytes
    }

    private func wait(_ events: Int16, _ milliseconds: Int32) {
        var entry = pollfd(fd: socket, events: events, revents: 0)
        _ = poll(&entry, 1, milliseconds)
    }

    private static func length(_ count: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
}
