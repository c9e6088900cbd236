import Testing

@testable import GeuseRuntime

/// What Qdrant says of its collections and snapshots is read as JSON, however it is written.
@Suite struct QdrantDumpTests {
    private let stack = StatefulScriptTests()

    /// A Qdrant with these answers, in place of curl.
    private func world(collections: String, made: String = Self.made) throws -> HostWorld {
        let world = try stack.world()
        try world.write("docker/containers/\(HostWorld.hex("qdrant"))/address", "172.18.0.5\n")
        try world.write("mnt/efs/qdrant/raft_state.json", "{}")
        try world.write("docker/collections.json", collections)
        try world.write("docker/made.json", made)
        try world.write(
            "bin/curl",
            """
            #!/bin/sh
            case $* in
                *'-X DELETE'*) ;;
                *'-X POST'*) cat "\(world.root)/docker/made.json" ;;
                */snapshots/a-1.snapshot) printf data ;;
                */collections) cat "\(world.root)/docker/collections.json" ;;
                *) exit 22 ;;
            esac

            """
        )
        try world.run("chmod 755 bin/curl")
        return world
    }

    private static let made = #"{"result":{"name":"a-1.snapshot","size":4},"status":"ok"}"#

    @Test(arguments: [
        #"{"result":{"collections":[{"name":"docs"},{"name":"faq"}]},"status":"ok","time":0.1}"#,
        #"{"result": {"collections": [{"name": "docs"}, {"name": "faq"}]}, "status": "ok", "time": 0.1}"#,
        """
        {
          "time" : 0.1,
          "result" : {
            "collections" : [
              { "name" : "docs" },
              { "aliases" : [], "name" : "faq" }
            ]
          }
        }
        """,
    ])
    func eachCollectionIsDumped(_ answer: String) throws {
        let made = [
            Self.made, #"{ "status": "ok", "result": { "size": 4, "name": "a-1.snapshot" } }"#,
        ]
        for made in made {
            let world = try world(collections: answer, made: made)
            let evidence = try stack.secure(world, .qdrant, of: "qdrant")
            #expect(evidence.dumps.map(\.name) == ["docs", "faq"])
            #expect(evidence.dumps.map(\.note) == [nil, nil])
        }
    }

    /// What cannot be read as a list of names that an address takes is no reason to go without a dump.
    @Test(arguments: [
        // An escape, which is not undone here.
        #"{"result":{"collections":[{"name":"d\u006fcs"}]}}"#,
        #"{"result":{"collections":[{"name":"a\/b"}]}}"#,
        // Cut off, at several places.
        #"{"result":{"collections":[{"name":"docs"}"#, #"{"result":{"collections":["#,
        #"{"result":{"coll"#, "",
        // A list without names, and none at all.
        #"{"result":{"collections":[{"name":"docs"},{"id":1}]}}"#,
        #"{"result":{"collections":null}}"#, #"{"result":{}}"#, #"{"status":{"error":"busy"}}"#,
        #"{"collections":[]}"#, "<html>collections</html>",
    ])
    func anAnswerThatIsNotUnderstoodLeavesTheFilesToBeCopied(_ answer: String) throws {
        let world = try world(collections: answer)
        let evidence = try stack.secure(world, .qdrant, of: "qdrant")
        #expect(evidence.dumps.last?.name == "storage")
        #expect(evidence.dumps.last?.note?.contains("a copy of the files") == true)
    }

    @Test(arguments: [
        #"{"result":{"collections":[]},"status":"ok"}"#,
        "{ \"result\": { \"collections\": [ ] } }\n",
    ])
    func oneThatSaysThatItHasNoneNeedsNoDump(_ answer: String) throws {
        let world = try world(collections: answer)
        #expect(try stack.secure(world, .qdrant, of: "qdrant").dumps == [])
    }

    @Test(arguments: [
        (#"{"result":{"name":"a-1.snapshot"}}"#, "dump_not_whole"),
        (#"{"result": {"name": "a-1.snapshot", "size": 5}}"#, "dump_not_whole"),
        (#"{"result": {"name": "a-1.snapshot", "size": null}}"#, "dump_not_whole"),
        (#"{"result":{"name":"../a"}}"#, "dump_failed"), (#"{"result":{"#, "dump_failed"),
        (#"{"result":true}"#, "dump_failed"),
    ])
    func aSnapshotWithoutItsSizeIsNotWhole(_ made: String, _ code: String) throws {
        let world = try world(
            collections: #"{"result":{"collections":[{"name":"docs"}]}}"#,
            made: made
        )
        let error = #expect(throws: Diagnostic.self) {
            try stack.secure(world, .qdrant, of: "qdrant")
        }
        #expect(error?.code == code)
    }

    /// Its storage is where its environment says, whichever way it is saved.
    @Test(arguments: ["/data/qdrant", "./own"])
    func theStorageMayLieElsewhere(_ path: String) throws {
        let world = try stack.world()
        let container = "docker/containers/\(HostWorld.hex("qdrant"))"
        try world.write("\(container)/environment", "QDRANT__STORAGE__STORAGE_PATH=\(path)\n")
        let target = path.hasPrefix("/") ? "/data" : "/qdrant/own"
        try world.write("\(container)/volumes", "\(world.mount)/qdrant\t\(target)\n")
        try world.run("mkdir mnt/efs/qdrant/qdrant && echo x >mnt/efs/qdrant/qdrant/segment")
        let found = try stack.facts(world, "qdrant")
        #expect(found.dataPath == (path.hasPrefix("/") ? path : "/qdrant/own"))
        #expect(
            found.hostPath == world.mount + (path.hasPrefix("/") ? "/qdrant/qdrant" : "/qdrant")
        )
        #expect(try stack.secure(world, .qdrant, of: "qdrant").dumps.map(\.name) == ["storage"])
    }

    @Test func withoutAVolumeItsInterfaceIsEnough() throws {
        let world = try world(collections: #"{"result":{"collections":[{"name":"docs"}]}}"#)
        try world.run("rm docker/containers/\(HostWorld.hex("qdrant"))/volumes")
        let evidence = try stack.secure(world, .qdrant, of: "qdrant")
        #expect(evidence.dumps.map(\.name) == ["docs"])
    }

    @Test func withoutAVolumeAndAnInterfaceItSaysBoth() throws {
        let world = try stack.world()
        try world.run("rm docker/containers/\(HostWorld.hex("qdrant"))/volumes")
        let error = #expect(throws: Diagnostic.self) {
            try stack.secure(world, .qdrant, of: "qdrant")
        }
        #expect(error?.code == "dump_failed")
        #expect(error?.detail?.contains("/qdrant/storage lies in no volume") == true)
    }

    /// No file and no word is no dump.
    @Test func aHostThatDoesNotTellIsNotBelieved() throws {
        let project = try HostWorld().project()
        let qdrant = ServiceName(unchecked: "qdrant")
        let operation = SecureOperation(
            request: SecureRequest(
                project: project,
                mountPoint: "/mnt/efs",
                nonce: HostWorld.nonce,
                dumps: [DataDump(kind: .qdrant, service: qdrant, cause: qdrant)]
            ),
            run: RunID(unchecked: "r")
        )
        let word = { (text: String) in Base64Text.encode(Array(text.utf8)) }
        let lines =
            "mount yes yes answered yes \(word("nfs4\nfs-0:/\n\n"))\nbackup \(word("/b"))\nsha256 00\n"
        let told = try #require(
            HostPayload(Array((lines + "collectionless \(word("qdrant"))\n").utf8))
        )
        #expect(try operation.read(told).dumps == [])
        let silent = try #require(HostPayload(Array(lines.utf8)))
        let error = #expect(throws: Diagnostic.self) { try operation.read(silent) }
        #expect(error?.code == "host_result_incomplete")
    }
}
