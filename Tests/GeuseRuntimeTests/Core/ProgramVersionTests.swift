import Testing

@testable import GeuseRuntime

@Suite("Versions in the tags of images")
struct ProgramVersionTests {
    @Test(
        "what a tag says",
        arguments: [
            ("1.20.0", [1, 20, 0]), ("v1.7.4", [1, 7, 4]), ("15-alpine", [15]), ("15.5", [15, 5]),
            ("1.97.1-exp", [1, 97, 1]), ("latest", nil), ("next", nil), ("1.", nil), ("", nil),
            ("1x", nil), ("v", nil), ("20231130", [20_231_130]),
        ] as [(String, [Int]?)]
    )
    func tags(_ tag: String, _ numbers: [Int]?) {
        #expect(ProgramVersion(tag)?.numbers == numbers)
    }

    @Test("number by number, not letter by letter")
    func order() throws {
        let old = try #require(ProgramVersion("1.9.7"))
        let new = try #require(ProgramVersion("1.12.0"))
        #expect(old < new)
        #expect(!(new < old))
    }

    @Test("a tag that says less is not older than what it stands for")
    func common() throws {
        let now = try #require(ProgramVersion("1.19.0"))
        for tag in ["1", "1.19", "1.19.0", "1.20", "2"] {
            #expect(try !#require(ProgramVersion(tag)).isOlder(than: now), "\(tag)")
        }
        for tag in ["0", "1.18", "1.18.9"] {
            #expect(try #require(ProgramVersion(tag)).isOlder(than: now), "\(tag)")
        }
    }

    @Test(
        "PostgreSQL's major version, in the images of extensions too",
        arguments: [
            ("citusdata/citus:12.1", nil), ("apache/age:release_PG16_1.5.0", "16"),
            ("tensorchord/vchord-postgres:pg17-v0.3.0", "17"), ("team/db:2024-01", nil),
            ("postgres:15.5", "15"), ("postgres:16-bookworm", "16"), ("postgres:latest", nil),
            ("postgres", nil), ("pgvector/pgvector:pg16", "16"),
            ("pgvector/pgvector:0.8.0-pg17", "17"),
            ("timescale/timescaledb:2.13.0-pg15", "15"), ("postgis/postgis:16-3.4", "16"),
            ("pgvector/pgvector:0.8.0", nil), ("postgres:17.2-alpine", "17"),
        ] as [(String, String?)]
    )
    func postgres(_ image: String, _ major: String?) throws {
        #expect(ProgramVersion.postgresMajor(try ImageReference(image))?.description == major)
    }

    @Test(
        "before 10 a major version of PostgreSQL has two numbers",
        arguments: [
            ("postgres:9.6.24", "9.6"), ("postgres:9.6", "9.6"), ("postgres:9.5-alpine", "9.5"),
            ("postgres:9", nil), ("postgis/postgis:9.6-3.2", "9.6"), ("postgres:10.23", "10"),
            ("timescale/timescaledb:1.7.5-pg9.6", "9.6"), ("some/extension:pg17beta1", "17"),
        ] as [(String, String?)]
    )
    func oldPostgres(_ image: String, _ major: String?) throws {
        #expect(ProgramVersion.postgresMajor(try ImageReference(image))?.description == major)
    }
}
