import Testing

@testable import GeuseRuntime

@Suite("state validation")
struct StateValidationTests {
    /// Sets a value at a path such as `config.region` or `previous_states.0.config`.
    static func set(_ path: String, to value: JSONValue?, in root: JSONValue) -> JSONValue? {
        let (head, rest) = (path.prefix { $0 != "." }, path.drop { $0 != "." }.dropFirst())
        let key = String(head)
        if var list = root.arrayValue, let index = Int(key) {
            let inner = rest.isEmpty ? value : set(String(rest), to: value, in: list[index])
            if let inner { list[index] = inner } else { list.remove(at: index) }
            return .array(list)
        }
        guard var object = root.objectValue else { return root }
        object[key] = rest.isEmpty ? value : set(String(rest), to: value, in: object[key] ?? [:])
        return .object(object)
    }

    static func document(_ path: String, _ value: JSONValue?) throws -> JSONObject {
        let root = JSONValue.object(try Fixture.document("dev-v2.json"))
        return try #require(set(path, to: value, in: root)?.objectValue)
    }

    @Test(
        "an error names the field by its path",
        arguments: [
            ("stack_name", nil), ("stack_name", 1), ("stack_name", "-x"), ("stack_name", "a/../b"),
            ("status", nil), ("vpc_id", nil), ("vpc_id", ""), ("subnet_ids", nil),
            ("subnet_ids", []), ("subnet_ids", [1]), ("subnet_ids", "x"),
            ("security_group_id", ""), ("efs_id", ""), ("efs_id", "fs-x; id"),
            ("efs_mount_target_id", nil), ("efs_mount_target_ids", [nil]), ("keypair_name", nil),
            ("private_ip", nil), ("n8n_url", 5), ("instance_id", ""), ("instance_id", "i-1'; id"),
            ("public_ip", 1), ("created_at", "yesterday"), ("updated_at", 5),
            ("container_images.n8n", 1), ("container_images.n8n", "a; id"),
            ("container_images.--x", "a"), ("container_images", []), ("config", nil),
            ("config.stack_name", nil), ("config.tier", nil), ("config.tier", "huge"),
            ("config.region", "moon"), ("config.instance_type", "t3 medium"),
            ("config.use_spot", "no"), ("config.auto_rollback_on_failure", 1),
            ("config.rollback_timeout_minutes", 4), ("config.rollback_timeout_minutes", 61),
            ("config.architecture", 1), ("cost", nil), ("cost.instance_type", nil),
            ("cost.is_spot", nil), ("cost.on_demand_price_per_hour", "free"),
            ("cost.estimated_monthly_cost", nil), ("rollback_history", [:]),
            ("rollback_history.0.trigger", "magic"), ("previous_states.1.config", nil),
            ("previous_states.0.config.tier", "x"),
            ("previous_states.0.container_images.n8n", "a b"),
            ("last_healthy_state.created_at", "x"), ("last_healthy_state", 1),
            ("migration_history", "x"), ("schema_version", "two"), ("schema_version", 0),
            ("schema_version", [:]), ("schema_version", .number("2.5")),
            ("config.rollback_timeout_minutes", .number("15.5")),
            ("config.rollback_timeout_minutes", .number("61.0")),
            ("config.rollback_timeout_minutes", .number("1e400")),
        ] as [(String, JSONValue?)]
    )
    func refused(path: String, value: JSONValue?) throws {
        let document = try Self.document(path, value)
        let error = expectDiagnostic("state_invalid", path) { try DeploymentState(document) }
        let named = path.replacing(".0.", with: "[0].").replacing(".1.", with: "[1].")
        let field = named.split(separator: ".").joined(separator: ".")
        #expect(error?.summary.contains("field \(field)") == true, "\(error?.summary ?? "")")
        #expect(error?.kind == .refused)
    }

    @Test(
        "what GeuseMaker accepts is accepted",
        arguments: [
            ("schema_version", "2"), ("created_at", "2026-07-01T12:00:00"), ("created_at", nil),
            ("efs_mount_target_ids", nil), ("efs_mount_target_ids", [:] as JSONValue?),
            ("public_ip", nil), ("n8n_url", ""), ("keypair_name", ""), ("private_ip", ""),
            ("container_images", nil), ("rollback_history", nil), ("previous_states", nil),
            ("cost.on_demand_price_per_hour", .number("0.0416")), ("status", "paused"),
            ("previous_states.0.status", nil), ("config.use_spot", nil), ("x_note", [1, nil]),
        ] as [(String, JSONValue?)]
    )
    func accepted(path: String, value: JSONValue?) throws {
        let document = try Self.document(path, value == [:] ? .null : value)
        _ = try DeploymentState(document)
    }

    @Test("a whole number may be written with a fraction of zero, and stays as it is written")
    func wholeNumbers() throws {
        var document = try Self.document("config.rollback_timeout_minutes", .number("25.0"))
        document["schema_version"] = .number("2.0")
        var state = try DeploymentState(document)
        #expect(state.config.rollbackTimeoutMinutes == 25)
        state.status = .updating
        let text = String(decoding: try state.bytes(), as: UTF8.self)
        #expect(text.contains("\"schema_version\": 2.0,"))
        #expect(text.contains("\"rollback_timeout_minutes\": 25.0"))
        document["schema_version"] = .number("1.0")
        #expect(try StateMigration.migrate(document).applied == [StateMigration.addSchemaVersion])
        document["schema_version"] = .number("3.0")
        expectDiagnostic("state_newer_schema") { try DeploymentState(document) }
    }

    @Test("a stack that is being made may lack its instance, no other may")
    func pending() throws {
        var document = try Self.document("instance_id", "")
        document["status"] = "creating"
        expectDiagnostic("state_invalid") { try DeploymentState(document) }
        document["resource_provenance"] = ["instance": "pending"]
        #expect(try DeploymentState(document).instanceID == nil)
        document["status"] = "running"
        expectDiagnostic("state_invalid") { try DeploymentState(document) }
    }

    @Test("a newer schema is refused by its own code")
    func newer() throws {
        let document = try Self.document("schema_version", 3)
        expectDiagnostic("state_newer_schema") { try DeploymentState(document) }
    }

    @Test("an invalid change cannot be turned into bytes")
    func invalidBytes() throws {
        var state = try Fixture.state()
        state.document["efs_id"] = nil
        expectDiagnostic("state_invalid") { try state.bytes() }
    }
}
