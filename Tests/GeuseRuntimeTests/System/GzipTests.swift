import Testing

@testable import GeuseRuntime

@Suite("gzip")
struct GzipTests {
    private let limit = 1 << 20

    @Test("what Python packs we unpack, and the other way round", arguments: [0, 1, 1000, 300_000])
    func python(size: Int) throws {
        var generator = SeededGenerator(state: UInt64(size))
        let bytes = (0..<size).map { _ in UInt8.random(in: 0...63, using: &generator) }
        let pack = "import gzip, sys; i = sys.stdin.buffer.read(); "
        let write = "sys.stdout.buffer.write(gzip.compress(i))"
        let packed = try PythonProgram.run(pack + write, input: bytes)
        #expect(try Gzip.decompress(packed, limit: limit) == bytes)
        let unpack = "sys.stdout.buffer.write(gzip.decompress(i))"
        #expect(try PythonProgram.run(pack + unpack, input: Gzip.compress(bytes)) == bytes)
    }

    @Test("the same input gives the same file; members are joined")
    func members() throws {
        let bytes = Array("hello".utf8)
        let packed = try Gzip.compress(bytes)
        #expect(try Gzip.compress(bytes) == packed)
        #expect(try Gzip.decompress(packed + packed, limit: limit) == bytes + bytes)
    }

    @Test("a file that is cut anywhere, or has something behind it, is corrupt")
    func cut() throws {
        let packed = try Gzip.compress(Array("some text, some text".utf8))
        for length in 0..<packed.count {
            expectDiagnostic("gzip_invalid", "\(length)") {
                try Gzip.decompress(Array(packed[..<length]), limit: limit)
            }
        }
        expectDiagnostic("gzip_invalid") { try Gzip.decompress(packed + [1], limit: limit) }
    }

    @Test("a flipped bit behind the header does not go unseen")
    func flipped() throws {
        let bytes = Array("some text, some text".utf8)
        let packed = try Gzip.compress(bytes)
        for bit in (10 * 8)..<(packed.count * 8) {
            var damaged = packed
            damaged[bit / 8] ^= 1 << (bit % 8)
            let result = try? Gzip.decompress(damaged, limit: limit)
            #expect(result == nil || result == bytes, "\(bit)")
        }
    }

    @Test("a small file cannot fill the memory")
    func bomb() throws {
        let packed = try Gzip.compress([UInt8](repeating: 0, count: limit + 1))
        #expect(packed.count < 5000)
        expectDiagnostic("gzip_too_large") { try Gzip.decompress(packed, limit: limit) }
    }
}
