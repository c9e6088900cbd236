/// One line of a stack's rollback history.
public struct RollbackRecord: Sendable, Equatable {
    /// What made the rollback happen; the words are those of GeuseMaker's schema.
    public enum Trigger: String, Sendable, Equatable {
        /// Somebody asked for it.
        case manual
        /// The services were not healthy after a change.
        case healthCheckFailed = "health_check_failed"
        /// A change took too long.
        case timeout
        /// The spot instance was taken away.
        case spotInterruption = "spot_interruption"
    }

    /// When it ended.
    public var time: Timestamp
    /// What made it happen.
    public var trigger: Trigger
    /// Whether the earlier state was seen running again.
    public var success: Bool
    /// Why it did not succeed.
    public var error: String?
    /// Which of the previous states it went to; 1 is the newest.
    public var version: Int?
    /// What was changed back, such as `instance_type:t3.medium`.
    public var changes: [String]

    /// Makes the record.
    public init(
        time: Timestamp,
        trigger: Trigger,
        success: Bool,
        error: String? = nil,
        version: Int? = nil,
        changes: [String] = []
    ) {
        self.time = time
        self.trigger = trigger
        self.success = success
        self.error = error
        self.version = version
        self.changes = changes
    }

    /// Reads a record; nil where the object is none.
    init?(_ document: JSONObject) {
        guard let time = document["timestamp"]?.stringValue.flatMap(StateTime.read),
            let trigger = document["trigger"]?.stringValue.flatMap(Trigger.init),
            let success = document["success"]?.boolValue
        else { return nil }
        self.init(
            time: time,
            trigger: trigger,
            success: success,
            error: document["error_message"]?.stringValue,
            version: document["previous_state_version"]?.wholeNumber,
            changes: document["rolled_back_changes"]?.arrayValue?.compactMap(\.stringValue) ?? []
        )
    }

    /// The object in the order of GeuseMaker's model, absent values left out.
    var document: JSONObject {
        var members: [(String, JSONValue)] = [
            ("timestamp", .string(time.text)),
            ("trigger", .string(trigger.rawValue)),
            ("resources_deleted", []),
            ("success", .bool(success)),
        ]
        if let error { members.append(("error_message", .string(error))) }
        if let version { members.append(("previous_state_version", .int(version))) }
        members.append(("rolled_back_changes", .array(changes.map { .string($0) })))
        return JSONObject(members)
    }
}

extension DeploymentState {
    /// The rollbacks on record, oldest first.
    public var rollbackHistory: [RollbackRecord] {
        (document["rollback_history"]?.arrayValue ?? []).compactMap {
            $0.objectValue.flatMap { RollbackRecord($0) }
        }
    }

    /// Adds a rollback to the record.
    public mutating func appendRollback(_ record: RollbackRecord) {
        let earlier = document["rollback_history"]?.arrayValue ?? []
        set("rollback_history", .array(earlier + [.object(record.document)]))
    }
}
