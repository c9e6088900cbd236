/// Brings the document of an older schema to the current one; pure.
public enum StateMigration {
    /// The name that the step from 1 to 2 leaves in `migration_history`.
    public static let addSchemaVersion = "v1_to_v2_add_schema_version"

    /// Reads the schema version; a file without one is of version 1.
    ///
    /// GeuseMaker takes a version that it cannot read for 1; here that is refused, because such a
    /// file was not written by either program.
    static func version(of document: JSONObject) throws -> Int {
        guard let value = document["schema_version"] else { return 1 }
        let number = value.wholeNumber ?? value.stringValue.flatMap { Int($0) }
        guard let number, number >= 1 else {
            throw StateProblem.field("schema_version", "is not a version number")
        }
        return number
    }

    /// The document in the current schema, and the steps that were needed.
    ///
    /// - Parameter document: of any version.
    /// - Returns: the document; unknown fields and the order of all fields are kept.
    /// - Throws: `Diagnostic` with code `state_newer_schema` or `state_invalid`.
    public static func migrate(
        _ document: JSONObject
    ) throws -> (document: JSONObject, applied: [String]) {
        let version = try version(of: document)
        guard version <= StateLayout.version else {
            throw Diagnostic(
                "state_newer_schema",
                "The state is of schema version \(version); this program knows up to version "
                    + "\(StateLayout.version).",
                hint: "Use the newer program that wrote it.",
                kind: .refused
            )
        }
        guard version < StateLayout.version else { return (document, []) }
        return (try fromVersion1(document), [addSchemaVersion])
    }

    private static func fromVersion1(_ document: JSONObject) throws -> JSONObject {
        var result = document
        func set(_ name: String, _ value: JSONValue) {
            result.set(name, value, order: StateLayout.fields)
        }
        set("schema_version", .int(StateLayout.version))
        var history: [JSONValue] = []
        switch document["migration_history"] {
        case nil, .null?: break
        case .array(let earlier)?: history = earlier
        default: throw StateProblem.field("migration_history", "is not a list")
        }
        set("migration_history", .array(history + [.string(addSchemaVersion)]))
        if document["resource_provenance"] == nil { set("resource_provenance", [:]) }
        if let snapshot = document["last_healthy_state"]?.objectValue {
            set("last_healthy_state", .object(reduced(snapshot)))
        }
        if let snapshots = document["previous_states"]?.arrayValue {
            let reducedAll = snapshots.map { $0.objectValue.map { .object(reduced($0)) } ?? $0 }
            set("previous_states", .array(reducedAll))
        }
        return result
    }

    /// What a rollback needs of a snapshot; old files kept the whole state, snapshots in it too.
    private static func reduced(_ snapshot: JSONObject) -> JSONObject {
        JSONObject(StateLayout.snapshot.compactMap { name in snapshot[name].map { (name, $0) } })
    }
}
