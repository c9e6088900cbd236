import Testing

@testable import GeuseRuntime

@Suite("Where a service has its database password")
struct CredentialLookupTests {
    private static let files = [
        EnvironmentFile(path: "/s/.env", names: ["TAG"]),
        EnvironmentFile(
            path: "/s/runtime.env",
            names: ["POSTGRES_PASSWORD", "N8N_ENCRYPTION_KEY"]
        ),
    ]

    private func find(
        _ environment: String,
        postgres: String = "{POSTGRES_PASSWORD: \"${POSTGRES_PASSWORD:?}\"}",
        files: [EnvironmentFile] = Self.files
    ) throws -> CredentialTarget {
        let text = """
            services:
              n8n:
                image: n8nio/n8n:1
                environment: \(environment)
              postgres:
                image: postgres:15
                environment: \(postgres)
            """
        return try ComposeDocument(bytes: Array(text.utf8))
            .credential(of: ServiceName("n8n"), in: files)
    }

    @Test(
        "As a variable of an environment file, however it is written",
        arguments: [
            "[\"DB_POSTGRESDB_PASSWORD=${POSTGRES_PASSWORD:?missing}\"]",
            "{DB_POSTGRESDB_PASSWORD: \"${POSTGRES_PASSWORD}\"}",
            "{DB_POSTGRESDB_PASSWORD: $POSTGRES_PASSWORD, DB_POSTGRESDB_HOST: postgres}",
            "[\"DB_POSTGRESDB_PASSWORD=${POSTGRES_PASSWORD:-}\"]",
        ]
    )
    func found(_ environment: String) throws {
        let target = try find(environment)
        #expect(target.variables == ["POSTGRES_PASSWORD", "DB_POSTGRESDB_PASSWORD"])
        #expect(target.files == ["/s/runtime.env"])
    }

    @Test("Two variables of one value stay equal")
    func two() throws {
        let files = [EnvironmentFile(path: "/s/a.env", names: ["N8N_DB", "POSTGRES_PASSWORD"])]
        let target = try find("{DB_POSTGRESDB_PASSWORD: \"${N8N_DB}\"}", files: files)
        #expect(target.variables == ["N8N_DB", "POSTGRES_PASSWORD", "DB_POSTGRESDB_PASSWORD"])
    }

    @Test("By n8n's own name in its env_file")
    func envFile() throws {
        let files = [EnvironmentFile(path: "/s/runtime.env", names: ["DB_POSTGRESDB_PASSWORD"])]
        #expect(try find("{A: b}", files: files).variables.first == "DB_POSTGRESDB_PASSWORD")
    }

    @Test(
        "Refused where it cannot be edited in one place",
        arguments: [
            ("{DB_POSTGRESDB_PASSWORD: xxxxxxx}", "credentials_literal"),
            ("{DB_POSTGRESDB_PASSWORD: \"${POSTGRES_PASSWORD:-fallback}\"}", "credentials_literal"),
            ("{DB_POSTGRESDB_PASSWORD: \"a${POSTGRES_PASSWORD}\"}", "credentials_literal"),
            ("{DB_POSTGRESDB_PASSWORD: \"${ELSEWHERE}\"}", "credentials_not_found"),
            ("{A: b}", "credentials_not_found"),
            (
                "{DB_POSTGRESDB_PASSWORD: $POSTGRES_PASSWORD, DB_POSTGRESDB_HOST: db.example.com}",
                "credentials_database_elsewhere"
            ),
        ]
    )
    func refused(_ environment: String, _ code: String) throws {
        let error = #expect(throws: Diagnostic.self) { try find(environment) }
        #expect(error?.code == code)
        #expect(error?.kind == .refused)
    }
}
