import Testing

@testable import GeuseRuntime

/// The verdict on a mount, from facts alone.
@Suite struct StorageProofTests {
    private static let good = StorageFacts(
        mountPoint: "/mnt/efs",
        isMounted: true,
        type: "nfs4",
        source: "fs-0123456789abcdef0.efs.us-east-1.amazonaws.com:/",
        isReadWrite: true,
        answer: .answered,
        nonceMatches: true,
        volumes: ["/mnt/efs/n8n": true]
    )

    private func codes(_ change: (inout StorageFacts) -> Void) -> [String] {
        var facts = Self.good
        change(&facts)
        return StorageProof.objections(facts, expecting: HostWorld.fileSystem).map(\.code)
    }

    @Test func aGoodMountIsProven() throws {
        try StorageProof.check(Self.good, expecting: HostWorld.fileSystem)
        #expect(codes { $0.nonceMatches = nil } == [])
        #expect(codes { $0.type = "nfs" } == [])
    }

    @Test(arguments: [
        ("fs-0123456789abcdef0:/", true),
        ("fs-0123456789abcdef0:/sub/dir", true),
        ("fs-0123456789abcdef0.efs.cn-north-1.amazonaws.com.cn:/", true),
        ("us-east-1a.fs-0123456789abcdef0.efs.us-east-1.amazonaws.com:/", true),
        ("fs-0123456789abcdef01:/", false),
        ("fs-01234567:/", false),
        ("x.example:/fs-0123456789abcdef0", false),
        ("127.0.0.1:/", false),
        ("", false),
    ])
    func theSourceMustBeTheFileSystem(_ source: String, _ isRight: Bool) {
        let found = codes { $0.source = source }
        #expect(found == (isRight ? [] : ["efs_wrong_file_system"]))
    }

    @Test func eachFaultHasItsName() {
        #expect(codes { $0.isMounted = false } == ["efs_not_mounted"])
        #expect(codes { $0.type = "ext4" } == ["efs_not_network"])
        #expect(codes { $0.type = nil } == ["efs_not_network"])
        #expect(codes { $0.isReadWrite = false } == ["efs_read_only"])
        #expect(codes { $0.answer = .hung } == ["efs_hung"])
        #expect(codes { $0.answer = .failed } == ["efs_failed"])
        #expect(codes { $0.nonceMatches = false } == ["efs_nonce_missing"])
        #expect(codes { $0.volumes["/mnt/efs/x"] = false } == ["efs_volume_outside"])
        let tunnel = codes {
            $0.source = "127.0.0.1:/"
            $0.tunnelFileSystem = "fs-0123456789abcdef0"
        }
        #expect(tunnel == [])
        let several = codes {
            $0.type = "ext4"
            $0.source = "/dev/sda1"
            $0.isReadWrite = false
        }
        #expect(several == ["efs_not_network", "efs_wrong_file_system", "efs_read_only"])
    }

    @Test func aRefusalCarriesItsEvidence() {
        var facts = Self.good
        facts.volumes["/mnt/efs/\u{1B}x"] = false
        let error = #expect(throws: Diagnostic.self) {
            try StorageProof.check(facts, expecting: HostWorld.fileSystem)
        }
        #expect(error?.detail == "Outside: \"/mnt/efs/^[x\".")
        #expect(error?.kind == .refused)
    }

    @Test func theKernelsEscapesAreUndone() {
        #expect(StorageReading.unescaped("a\\040b\\134\\011") == "a b\\\t")
        #expect(StorageReading.unescaped("\\9") == "\\9")
    }
}
