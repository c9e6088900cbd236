/// The configuration that a stack was made with, as far as an update reads it.
///
/// A field that the file leaves out has the default that GeuseMaker's model gives it.
public struct StateConfig: Sendable, Equatable {
    /// The whole object.
    public let document: JSONObject

    init(_ document: JSONObject) { self.document = document }

    private func text(_ field: String, _ standard: String) -> String {
        document[field]?.stringValue ?? standard
    }

    /// The region of everything in the stack.
    public var region: Region { Region(unchecked: text("region", "us-east-1")) }
    /// The instance type.
    public var instanceType: InstanceType {
        InstanceType(unchecked: text("instance_type", "t3.medium"))
    }
    /// `x86_64` or `arm64`.
    public var architecture: String { text("architecture", "x86_64") }
    /// `dev`, `automation` or `gpu`.
    public var tier: String { text("tier", "dev") }
    /// Whether the instance was asked for as a spot instance.
    public var usesSpot: Bool { document["use_spot"]?.boolValue ?? true }
    /// Whether a failed change is undone without being asked.
    public var rollsBackOnFailure: Bool {
        document["auto_rollback_on_failure"]?.boolValue ?? true
    }
    /// How long undoing may take.
    public var rollbackTimeoutMinutes: Int {
        document["rollback_timeout_minutes"]?.wholeNumber ?? 15
    }
}

extension DeploymentState {
    /// The configuration.
    public var config: StateConfig {
        StateConfig(document["config"]?.objectValue ?? JSONObject())
    }

    /// Records an instance type in `config` and in `cost`, which both name it.
    public mutating func setInstanceType(_ type: InstanceType) {
        var config = self.config.document
        config.set("instance_type", .string(type.text), order: StateLayout.config)
        set("config", .object(config))
        var cost = document["cost"]?.objectValue ?? JSONObject()
        cost["instance_type"] = .string(type.text)
        set("cost", .object(cost))
    }

    /// Records the architecture of the instance.
    public mutating func setArchitecture(_ architecture: String) {
        var config = self.config.document
        config.set("architecture", .string(architecture), order: StateLayout.config)
        set("config", .object(config))
    }

    /// Takes over the configuration of a snapshot as a whole.
    public mutating func setConfig(from snapshot: StateSnapshot) {
        set("config", .object(snapshot.config.document))
        setInstanceType(snapshot.config.instanceType)
    }

    /// The instance type that `cost` names; it differs from `config` only after a mistake.
    public var costInstanceType: String? { document["cost"]?["instance_type"]?.stringValue }
}
