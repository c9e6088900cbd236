import Yams

extension ComposeDocument {
    /// Where n8n reads the password of its database (n8n docs, "Database environment variables").
    static let passwordVariable = "DB_POSTGRESDB_PASSWORD"

    /// Finds the password with which a service logs in to the stack's own PostgreSQL.
    ///
    /// - Parameters:
    ///   - service: the service.
    ///   - files: the project's environment files, the one that counts last.
    /// - Returns: the place.
    /// - Throws: `Diagnostic` of kind refused when it is not a variable of an environment file.
    func credential(of service: ServiceName, in files: [EnvironmentFile]) throws -> CredentialTarget
    {
        let database = ServiceName(unchecked: "postgres")
        guard self.service(database) != nil else {
            throw Self.refusal(
                "credentials_no_database",
                "There is no service called postgres in the compose file.",
                "Only the password of the stack's own PostgreSQL can be rotated."
            )
        }
        let written = environment(of: service)
        if let host = written["DB_POSTGRESDB_HOST"], !host.contains("$"), host != database.text {
            throw Self.refusal(
                "credentials_database_elsewhere",
                "\(service) uses the database at \(VisibleText.quoted(host)).",
                "Only the password of the stack's own PostgreSQL can be rotated."
            )
        }
        let variable = try variable(written[Self.passwordVariable], of: service)
        let own = environment(of: database)["POSTGRES_PASSWORD"].flatMap(Self.reference)
        var variables = [variable]
        for name in [own, Self.passwordVariable, "POSTGRES_PASSWORD"].compactMap(\.self)
        where !variables.contains(name) {
            variables.append(name)
        }
        let found = files.filter { file in variables.contains(where: file.names.contains) }
        guard found.contains(where: { $0.names.contains(variable) }) else {
            throw Self.refusal(
                "credentials_not_found",
                "No environment file of the project defines \(variable).",
                "It has to stand in a file that docker compose is given or finds: runtime.env or .env."
            )
        }
        return CredentialTarget(
            service: service,
            database: database,
            variables: variables,
            files: found.map(\.path)
        )
    }

    /// The variable that a text is a reference to; what is not written at all comes from an `env_file`.
    private func variable(_ text: String?, of service: ServiceName) throws -> String {
        guard let text else { return Self.passwordVariable }
        guard let name = Self.reference(text) else {
            throw Self.refusal(
                "credentials_literal",
                "The database password of \(service) stands in the compose file itself.",
                "Put it into runtime.env as POSTGRES_PASSWORD=... and write "
                    + "\(Self.passwordVariable)=${POSTGRES_PASSWORD:?} for \(service)."
            )
        }
        return name
    }

    /// The only variable that a text consists of.
    private static func reference(_ text: String) -> String? {
        guard let template = ImageTemplate(text), template.parts.count == 1,
            case .variable(let name, default: let fallback) = template.parts[0],
            // A default that is not empty would be a second place for the password.
            fallback.map(Self.isEmpty) ?? true
        else { return nil }
        return name
    }

    private static func isEmpty(_ parts: [ImageTemplate.Part]) -> Bool {
        parts.allSatisfy { if case .literal("", _) = $0 { true } else { false } }
    }

    /// What a service's `environment` says, as a list or as a mapping; variables are not replaced.
    private func environment(of service: ServiceName) -> [String: String] {
        var result: [String: String] = [:]
        switch node(of: service)?.mapping?.member("environment") {
        case .mapping(let members):
            for (key, value) in members {
                guard let name = key.scalar?.string, let text = value.scalar?.string else {
                    continue
                }
                result[name] = text
            }
        case .sequence(let items):
            for item in items {
                guard let text = item.scalar?.string, let equals = text.firstIndex(of: "=") else {
                    continue
                }
                result[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
        default: break
        }
        return result
    }

    private static func refusal(_ code: String, _ summary: String, _ hint: String) -> Diagnostic {
        Diagnostic(code, summary, detail: "Nothing was touched.", hint: hint, kind: .refused)
    }
}
