/// What a rollback needs to know of an earlier state: configuration, images, status and time.
public struct StateSnapshot: Sendable, Equatable {
    /// The whole object.
    public let document: JSONObject

    init(_ document: JSONObject) { self.document = document }

    /// The configuration then.
    public var config: StateConfig {
        StateConfig(document["config"]?.objectValue ?? JSONObject())
    }

    /// The images then, in the order of the file.
    public var containerImages: [(service: ServiceName, image: ImageReference)] {
        Self.images(of: document)
    }

    /// The status then.
    public var status: DeploymentStatus? {
        document["status"]?.stringValue.map { DeploymentStatus($0) }
    }

    /// When that state was written.
    public var createdAt: Timestamp? {
        document["created_at"]?.stringValue.flatMap(StateTime.read)
    }

    /// Whether both say the same of the stack; fields that only GeuseMaker adds do not count.
    func isSame(as other: StateSnapshot) -> Bool {
        StateLayout.snapshot.allSatisfy { document[$0] == other.document[$0] }
    }

    static func images(
        of document: JSONObject
    ) -> [(service: ServiceName, image: ImageReference)] {
        (document["container_images"]?.objectValue?.members ?? []).compactMap { name, value in
            guard let service = try? ServiceName(name), let text = value.stringValue,
                let image = try? ImageReference(text)
            else { return nil }
            return (service, image)
        }
    }
}

extension DeploymentState {
    /// This state as a snapshot; its time is when this state was written, as in GeuseMaker.
    public func snapshot() -> StateSnapshot {
        var members: [(String, JSONValue)] = [
            ("config", .object(config.document)),
            ("container_images", document["container_images"] ?? [:]),
            ("status", .string(status.description)),
        ]
        if let time = text("updated_at") ?? text("created_at") {
            members.append(("created_at", .string(time)))
        }
        return StateSnapshot(JSONObject(members))
    }

    /// Earlier states, newest first.
    public var previousStates: [StateSnapshot] {
        (document["previous_states"]?.arrayValue ?? []).compactMap {
            $0.objectValue.map { StateSnapshot($0) }
        }
    }

    /// Puts a snapshot before the earlier ones; the oldest beyond five goes.
    public mutating func pushPreviousState(_ snapshot: StateSnapshot) {
        let earlier = document["previous_states"]?.arrayValue ?? []
        let kept = [.object(snapshot.document)] + earlier.prefix(Self.keptStates - 1)
        set("previous_states", .array(kept))
    }

    /// The last state that was seen healthy.
    public var lastHealthyState: StateSnapshot? {
        document["last_healthy_state"]?.objectValue.map { StateSnapshot($0) }
    }

    /// Records a state that was seen healthy; nothing else may be given here.
    public mutating func setLastHealthyState(_ snapshot: StateSnapshot) {
        set("last_healthy_state", .object(snapshot.document))
    }

    /// Says again what an earlier state of the same stack said of its configurations, now and before.
    mutating func takeBack(_ earlier: DeploymentState) {
        for field in ["config", "container_images", "previous_states", "last_healthy_state"] {
            guard let value = earlier.document[field] else {
                document[field] = nil
                continue
            }
            set(field, value)
        }
    }
}
