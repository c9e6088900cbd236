import Testing

@testable import GeuseRuntime

@Suite("migration from schema 1")
struct StateMigrationTests {
    @Test("an old file becomes a current one, and keeps what nobody knows")
    func sample() throws {
        let old = try Fixture.document("dev-v1.json")
        let (new, applied) = try StateMigration.migrate(old)
        #expect(applied == ["v1_to_v2_add_schema_version"])
        #expect(new.keys.first == "schema_version" && new["schema_version"] == 2)
        #expect(new["migration_history"] == ["v1_to_v2_add_schema_version"])
        #expect(new["x_team_note"] == old["x_team_note"] && new.keys.last == "x_team_note")
        let added = ["schema_version", "migration_history"]
        #expect(new.keys.filter { !added.contains($0) } == old.keys)
        let index = try #require(new.keys.firstIndex(of: "migration_history"))
        #expect(new.keys[index - 1] == "resource_provenance")
        for key in old.keys where key != "last_healthy_state" { #expect(new[key] == old[key]) }
        #expect(try StateMigration.migrate(new) == (new, []))
        _ = try DeploymentState(new)
    }

    @Test("a whole state that was kept as a snapshot is reduced")
    func snapshots() throws {
        let old = try Fixture.document("dev-v1.json")
        let whole = try #require(old["last_healthy_state"])
        #expect((whole.objectValue?.keys.count ?? 0) > 20)
        var document = old
        document["previous_states"] = [whole, whole]
        let (new, _) = try StateMigration.migrate(document)
        let state = try DeploymentState(new)
        for snapshot in state.previousStates + [try #require(state.lastHealthyState)] {
            #expect(snapshot.document.keys == StateLayout.snapshot)
            for key in StateLayout.snapshot { #expect(snapshot.document[key] == whole[key]) }
        }
    }

    @Test("a history that is there is added to, and provenance is made where it is missing")
    func history() throws {
        var old = try Fixture.document("dev-v1.json")
        old["migration_history"] = ["earlier"]
        old["resource_provenance"] = nil
        old["schema_version"] = 1
        let (new, _) = try StateMigration.migrate(old)
        #expect(new["migration_history"] == ["earlier", "v1_to_v2_add_schema_version"])
        #expect(new["resource_provenance"] == [:])
    }

    @Test("GeuseMaker's schema accepts the result")
    func schema() throws {
        let state = try Fixture.state("dev-v1.json")
        try PythonSchema.validate(state.bytes())
    }
}

func == (
    left: (document: JSONObject, applied: [String]),
    right: (JSONObject, [String])
) -> Bool {
    left.document == right.0 && left.applied == right.1
}

/// Checks a state against the JSON schema that GeuseMaker's models give.
enum PythonSchema {
    static func validate(_ bytes: [UInt8]) throws {
        let script = """
            import json, sys, jsonschema
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            checker = jsonschema.Draft202012Validator(
                schema, format_checker=jsonschema.FormatChecker())
            checker.validate(json.load(sys.stdin))
            """
        let schema = Fixture.repository + "/Tests/Fixtures/state/deployment-state.schema.json"
        _ = try PythonProgram.run(script, input: bytes, [schema])
    }
}
