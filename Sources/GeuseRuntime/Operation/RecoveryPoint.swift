/// What a run needs to bring a stack back to exactly what it was.
public struct RecoveryPoint: Sendable, Equatable {
    /// Path of the state backup in the state directory.
    public var stateBackup: String
    /// Path of the saved compose file on the host.
    public var composeBackup: String
    /// SHA-256 of the compose file's bytes.
    public var composeSHA256: String
    /// The instance type.
    public var instanceType: String
    /// The ids of the images that ran, by service.
    public var imageIDs: [ServiceName: String]
    /// The nonce on EFS.
    public var nonce: String

    /// Makes the value.
    public init(
        stateBackup: String,
        composeBackup: String,
        composeSHA256: String,
        instanceType: String,
        imageIDs: [ServiceName: String],
        nonce: String
    ) {
        self.stateBackup = stateBackup
        self.composeBackup = composeBackup
        self.composeSHA256 = composeSHA256
        self.instanceType = instanceType
        self.imageIDs = imageIDs
        self.nonce = nonce
    }

    /// The point as evidence beside the backup.
    public var json: JSONValue {
        [
            "compose_backup": .string(composeBackup),
            "compose_sha256": .string(composeSHA256),
            "instance_type": .string(instanceType),
            "image_ids": .object(
                JSONObject(
                    imageIDs.sorted { $0.key.text < $1.key.text }
                        .map { ($0.key.text, .string($0.value)) }
                )
            ),
            "efs_nonce": .string(nonce),
        ]
    }
}
