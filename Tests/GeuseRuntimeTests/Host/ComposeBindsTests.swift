import Testing

@testable import GeuseRuntime

/// The paths that a configuration binds below the mount, as compose writes them.
@Suite struct ComposeBindsTests {
    private func binds(_ config: String) throws -> [String] {
        let world = try HostWorld()
        try world.write("config", config)
        let found = try world.run(
            "cat >script && /bin/dash script",
            input: HostScript.compose + "\nmount=/mnt/efs\nbinds_of config\n"
        )
        return found.split(separator: "\n").map(String.init)
    }

    @Test(arguments: [
        ("/mnt/efs/plain", "/mnt/efs/plain"), ("/mnt/efs/$$d", "/mnt/efs/$d"),
        ("/mnt/efs/a'b", "/mnt/efs/a'b"), ("'/mnt/efs/a''b: $$c'", "/mnt/efs/a'b: $c"),
        (#""/mnt/efs/tab\tx""#, "/mnt/efs/tab\tx"), (#""/mnt/efs/a\"b\\c""#, #"/mnt/efs/a"b\c"#),
        (#""/mnt/efs/\xe9\u00fc\u30c7""#, "/mnt/efs/éüデ"), ("/mnt/efs/ünï", "/mnt/efs/ünï"),
        ("/mnt/efs", "/mnt/efs"),
    ])
    func aPathIsWhatItsScalarStandsFor(_ scalar: String, _ path: String) throws {
        let long = """
            services:
              n8n:
                volumes:
                  - type: bind
                    source: \(scalar)
                    target: /data

            """
        #expect(try binds(long) == [path])
        let driver = """
            volumes:
              data:
                driver_opts:
                  device: \(scalar)
                  o: bind

            """
        #expect(try binds(driver) == [path])
    }

    @Test func theShortFormOfOlderReleasesIsReadToo() throws {
        let config = """
            services:
              n8n:
                image: x
                volumes:
                - /mnt/efs/a b:/data:rw
                - '/mnt/efs/it''s:/more'
                - named:/other

            """
        #expect(try binds(config) == ["/mnt/efs/a b", "/mnt/efs/it's"])
    }

    @Test func onlyWhatStandsBelowVolumesIsABind() throws {
        let config = """
            services:
              n8n:
                command:
                  - source: /mnt/efs/command
                  - /mnt/efs/argument:x
                configs:
                  - source: /mnt/efs/config
                environment:
                  TEXT: |
                    volumes:
                      - type: bind
                        source: /mnt/efs/evil
                      - /mnt/efs/evil:/x
                volumes:
                  - type: bind
                    source: /mnt/efs/n8n
                    target: /data
                  - type: bind
                    source: /mnt/efsother/n8n
                    target: /x
                working_dir: /mnt/efs
            networks:
              default:
                driver_opts:
                  device: /mnt/efs/network
            x-a:
              n8n:
                volumes:
                  - type: bind
                    source: /mnt/efs/extension

            """
        #expect(try binds(config) == ["/mnt/efs/n8n"])
    }
}
