import CSystem

/// gzip (RFC 1952) by zlib.
public enum Gzip {
    /// Packs bytes; the header carries no name and no time, so equal bytes give equal results.
    ///
    /// - Parameter bytes: what to pack.
    /// - Returns: one gzip member.
    /// - Throws: `Diagnostic` with code `gzip_failed`.
    public static func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(
                &stream,
                9,
                Z_DEFLATED,
                windowBits,
                8,
                Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                size
            )
                == Z_OK
        else { throw failure("zlib could not start") }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](
            repeating: 0,
            count: Int(deflateBound(&stream, UInt(bytes.count))) + 32
        )
        let status = run(&stream, &input, &output) { deflate(&$0, Z_FINISH) }
        guard status == Z_STREAM_END else { throw failure("zlib ended with \(status)") }
        return Array(output.prefix(Int(stream.total_out)))
    }

    /// Unpacks one gzip member that is all of the bytes.
    ///
    /// - Parameters:
    ///   - bytes: the packed bytes.
    ///   - limit: more unpacked bytes than this are refused.
    /// - Returns: the unpacked bytes.
    /// - Throws: `Diagnostic` with code `gzip_invalid` for damage, `gzip_too_large` beyond the limit.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, size) == Z_OK else {
            throw failure("zlib could not start")
        }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: max(0, limit) + 1)
        let status = run(&stream, &input, &output) { inflate(&$0, Z_FINISH) }
        if status == Z_BUF_ERROR, stream.avail_out == 0 {
            throw Diagnostic("gzip_too_large", "A packed file holds more than \(limit) bytes.")
        }
        guard status == Z_STREAM_END, stream.avail_in == 0 else {
            throw Diagnostic("gzip_invalid", "A packed file is damaged.")
        }
        guard stream.total_out <= UInt(max(0, limit)) else {
            throw Diagnostic("gzip_too_large", "A packed file holds more than \(limit) bytes.")
        }
        return Array(output.prefix(Int(stream.total_out)))
    }

    /// The largest window, and 16 for a gzip header (zlib.h, deflateInit2).
    private static let windowBits: Int32 = 15 + 16

    private static func run(
        _ stream: inout z_stream,
        _ input: inout [UInt8],
        _ output: inout [UInt8],
        _ step: (inout z_stream) -> Int32
    ) -> Int32 {
        input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return step(&stream)
            }
        }
    }

    private static func failure(_ detail: String) -> Diagnostic {
        Diagnostic("gzip_failed", "A file could not be packed or unpacked.", detail: detail)
    }
}
