/// What every script needs that changes services on a proven mount; given and decoded here.
enum StackValues {
    /// Decodes them.
    static let script = #"""
        value "$G_MOUNT"; mount=$decoded
        value "$G_FILESYSTEM"; filesystem=$decoded
        value "$G_NONCE"; nonce=$decoded
        value "$G_PROJECT"; project=$decoded
        value "$G_FILE"; file=$decoded
        value "$G_DIRECTORY"; directory=$decoded
        environment=$G_ENVIRONMENT
        """#

    static func values(
        of storage: HostInspection,
        _ project: ComposeProject,
        networkTypes: [String]
    ) -> [(name: String, value: HostScript.Value)] {
        StorageReading.values(of: storage, networkTypes: networkTypes)
            + StopOperation.values(of: project)
    }
}
