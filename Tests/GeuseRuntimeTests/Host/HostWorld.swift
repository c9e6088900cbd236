import Crypto
import Glibc
import Testing

@testable import GeuseRuntime

/// A host in a directory: compose file, mount, docker, all files; the real scripts run on it.
final class HostWorld {
    let root: String
    let clock = SystemClock()
    let cancellation = Cancellation()
    let processes: LiveProcesses
    var shell = ["/bin/dash"]
    static let fileSystem = FileSystemID(unchecked: "fs-0123456789abcdef0")
    static let nonce = "0123456789abcdef0123456789abcdef"
    static let compose = """
        services:
          n8n:
            image: n8nio/n8n:1.0 # pinned
            environment:
              DB_PASSWORD: hunter2
            volumes:
              - type: bind
                source: MOUNT/n8n
                target: /data
          postgres:
            image: "postgres:${TAG:-15}"

        """

    init(compose: String = HostWorld.compose, images: [String] = []) throws {
        processes = LiveProcesses(clock: clock)
        var template = Array("/tmp/geuse-host.XXXXXX".utf8CString)
        root = mkdtemp(&template).map { String(cString: $0) } ?? ""
        try #require(!root.isEmpty)
        try run(
            "mkdir -p bin docker/containers docker/images docker/registry docker/env stack "
                + "mnt/efs/n8n proc/self var/run/efs etc && cat >bin/docker && chmod 755 bin/docker",
            input: fakeDocker
        )
        try write(
            "stack/docker-compose.yml",
            compose.replacingOccurrences(of: "MOUNT", with: mount)
        )
        try mountLine()
        for image in ["n8nio/n8n:1.0", "n8nio/n8n:2.0", "postgres:15"] + images {
            try publish(image)
        }
        try run("for f in docker/registry/*; do cp $f docker/images/; done")
        try run(
            "DOCKER_WORLD=$PWD/docker; export DOCKER_WORLD; bin/docker compose -f "
                + "stack/docker-compose.yml up -d --no-build --pull never"
        )
        for id in ["n8n", "postgres"].map(Self.hex) {
            try write("docker/containers/\(id)/config_files", "\(root)/stack/docker-compose.yml")
            try write("docker/containers/\(id)/working_dir", "\(root)/stack")
        }
        try write("docker/containers/\(Self.hex("n8n"))/binds", "\(mount)/n8n\n")
        try run("rm docker/calls docker/ups")
    }

    deinit { _ = try? run("cd / && rm -rf '\(root)'") }

    var mount: String { root + "/mnt/efs" }
    var file: String { root + "/stack/docker-compose.yml" }

    func host(_ transport: (any HostTransport)? = nil) -> LiveHost {
        LiveHost(
            transport: transport ?? LocalTransport(self),
            clock: clock,
            cancellation: cancellation,
            pullTimeout: 60,
            root: root
        )
    }

    func inspection(nonce: String? = nil) -> HostInspection {
        HostInspection(fileSystem: Self.fileSystem, mountPoint: mount, nonce: nonce)
    }

    /// What the kernel would list for the mount.
    func mountLine(
        type: String = "nfs4",
        source: String = "fs-0123456789abcdef0.efs.us-east-1.amazonaws.com:/",
        options: String = "rw"
    ) throws {
        let number = try device()
        try write(
            "proc/self/mountinfo",
            "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n"
                + "36 22 \(number) / \(mount) \(options),relatime shared:9 - \(type) \(source) "
                + "\(options),vers=4.1,port=20049\n"
        )
    }

    /// What the kernel would list as the device of the mount: that of its directory (makedev(3)).
    func device() throws -> String {
        try run(
            "d=$(stat -c %d mnt/efs); printf %s:%s $((d >> 8 & 4095 | d >> 32 & ~4095)) "
                + "$((d & 255 | d >> 12 & ~255))"
        )
    }

    /// Puts an image in the registry, or an error in its place.
    func publish(_ image: String, architecture: String = "amd64", error: String? = nil) throws {
        let repository = ImageReference(unchecked: image).repository
        let json = """
            {"id":"sha256:\(Self.hex(image))","digests":["\(repository)@sha256:\(Self.hex("d" + image))"],\
            "arch":"\(architecture)"}
            """
        try write("docker/registry/\(Self.hex(image))", error ?? json + "\n")
        if error == nil {
            try write("docker/images/\(Self.hex("sha256:" + Self.hex(image)))", json + "\n")
        }
    }

    static func hex(_ text: String) -> String { Digest.sha256Hex(Array(text.utf8)) }

    func write(_ path: String, _ text: String) throws {
        let file = try #require(fopen(root + "/" + path, "w"), "\(path)")
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    /// The text of a file; empty where there is none.
    func read(_ path: String) throws -> String {
        guard let file = fopen(root + "/" + path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 21)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    @discardableResult
    func run(_ text: String, input: String = "") throws -> String {
        let result = try processes.run(
            ProcessCommand(
                path: "/bin/sh",
                arguments: ["-c", "cd '\(root)' || exit; " + text],
                environment: ["PATH": "/usr/bin:/bin"],
                input: Array(input.utf8),
                timeout: 60
            ),
            cancellation
        )
        try #require(result.end == .exited(0), "\(String(decoding: result.errors, as: UTF8.self))")
        return String(decoding: result.output, as: UTF8.self)
    }

    /// Calls that the fake docker did not know; a test that leaves some is wrong.
    func unknownCalls() throws -> String { try read("docker/unknown") }

    func project() throws -> ComposeProject {
        let text = try read("stack/docker-compose.yml")
        return ComposeProject(
            name: "stack",
            file: file,
            directory: root + "/stack",
            sha256: Self.hex(text),
            bytes: Array(text.utf8)
        )
    }

    /// A step of the first run, which is the first to hold the lease.
    static func step(
        _ word: String,
        run: String = "run-1",
        fence: Int = 1,
        replaces: String? = nil,
        ends: Bool = false
    ) -> HostStep {
        let run = RunID(unchecked: run)
        return HostStep(
            StepID(run: run, step: word),
            lease: HostLease(
                fence: fence,
                run: run,
                user: "alice; id >PWNED",
                machine: "lap top",
                process: 42,
                since: Timestamp(microseconds: 0)
            ),
            replaces: replaces.map { RunID(unchecked: $0) },
            endsLease: ends
        )
    }
}

/// Runs scripts on this machine by standard input, as `ssh host sh -s` does.
final class LocalTransport: HostTransport {
    private unowned let world: HostWorld
    private(set) var scripts: [String] = []
    /// Damages a reply on its way back.
    var damage: (String) -> String = { $0 }
    var timeout: Double = 60

    init(_ world: HostWorld) { self.world = world }

    func run(_ script: String, comment: String, timeout: Double) throws -> HostReply {
        scripts.append(script)
        let result = try world.processes.run(
            ProcessCommand(
                path: world.shell[0],
                arguments: Array(world.shell.dropFirst()) + ["-s"],
                environment: [
                    "PATH": world.root + "/bin:/usr/bin:/bin",
                    "DOCKER_WORLD": world.root + "/docker",
                ],
                input: Array(script.utf8),
                timeout: min(timeout, self.timeout)
            ),
            world.cancellation
        )
        guard case .exited(let status) = result.end else {
            throw Diagnostic("host_outcome_unknown", "\(result.end)")
        }
        return HostReply(
            status: status,
            output: damage(String(decoding: result.output, as: UTF8.self)),
            errors: String(decoding: result.errors, as: UTF8.self)
        )
    }

    func isReachable() throws -> Bool { true }
}
