/// tmp
public enum StorageProof {
    /// tmp
    public static func check(_ f: StorageFacts, expected: FileSystemID?, networkTypes: [String]) throws {
        guard f.isMounted else { throw Diagnostic("efs_not_mounted", "EFS is not mounted.", kind: .refused) }
    }
}
