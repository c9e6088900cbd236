import CSystem

/// The gzip format (RFC 1952) by zlib.
public enum Gzip {
    /// 15 bits of window, and 16 for a gzip header and trailer (zlib.h, deflateInit2).
    private static let windowBits: CInt = 15 + 16
    private static let chunk = 64 << 10

    /// The bytes as one gzip member without name and time, so that equal input gives equal output.
    public static func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        let size = CInt(MemoryLayout<z_stream>.size)
        let status = deflateInit2_(
            &stream,
            9,
            Z_DEFLATED,
            windowBits,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            size
        )
        guard status == Z_OK else { throw failure("cannot start", status) }
        defer { deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count))))
        var input = bytes
        let end = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = uInt(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = uInt(target.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard end == Z_STREAM_END else { throw failure("stopped early", end) }
        return Array(output[..<Int(stream.total_out)])
    }

    /// The bytes of all members of a gzip file.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - limit: how many bytes may come out, so that a small file cannot fill the memory.
    /// - Returns: the bytes, their checksums verified.
    /// - Throws: `Diagnostic` with code `gzip_invalid` or `gzip_too_large`.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
        var stream = z_stream()
        let size = CInt(MemoryLayout<z_stream>.size)
        let status = inflateInit2_(&stream, windowBits, ZLIB_VERSION, size)
        guard status == Z_OK else { throw failure("cannot start", status) }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output: [UInt8] = []
        try input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = uInt(source.count)
            while true {
                let status = inflateSome(&stream, into: &output)
                guard output.count <= limit else {
                    throw Diagnostic("gzip_too_large", "The gzip data holds over \(limit) bytes.")
                }
                switch status {
                case Z_OK: continue
                case Z_STREAM_END where stream.avail_in > 0:
                    guard inflateReset(&stream) == Z_OK else { throw failure("stopped", status) }
                case Z_STREAM_END: return
                default: throw failure("is damaged or cut short", status)
                }
            }
        }
        return output
    }

    private static func inflateSome(_ stream: inout z_stream, into output: inout [UInt8]) -> CInt {
        var buffer = [UInt8](repeating: 0, count: chunk)
        return buffer.withUnsafeMutableBufferPointer { target in
            stream.next_out = target.baseAddress
            stream.avail_out = uInt(target.count)
            let status = inflate(&stream, Z_NO_FLUSH)
            output.append(contentsOf: target[..<(target.count - Int(stream.avail_out))])
            return status
        }
    }

    private static func failure(_ what: String, _ status: CInt) -> Diagnostic {
        Diagnostic("gzip_invalid", "The gzip data \(what).", detail: "zlib status \(status)")
    }
}
