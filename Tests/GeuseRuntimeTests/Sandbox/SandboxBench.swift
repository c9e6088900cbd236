import Synchronization
import Testing

@testable import GeuseRuntime

/// One simulated stack with its clock and file system, as a command would hold it.
struct SandboxBench {
    let files: MemoryFileSystem
    let clock: SimulatedClock
    let cancellation = Cancellation()
    let sandbox: Sandbox
    let name: StackName
    let stack: SandboxStack
    let cloud: SandboxCloud
    let host: SandboxHost
    let run = RunID(unchecked: "20261123-110923-0a1b2c3d")

    init(
        _ options: SandboxOptions = SandboxOptions(),
        files: MemoryFileSystem = MemoryFileSystem(),
        clock: SimulatedClock = SimulatedClock(),
        die: (() -> Void)? = { Issue.record("the sandbox ended the program") }
    ) throws {
        self.files = files
        self.clock = clock
        name = try StackName("my-dev-stack")
        sandbox = Sandbox(
            root: "/state",
            files: files,
            clock: clock,
            cancellation: cancellation,
            die: die
        )
        stack = try sandbox.create(name, options)
        cloud = sandbox.cloud(name)
        host = sandbox.host(name)
    }

    var id: InstanceID { stack.instance.id }

    /// A second program on the same state directory.
    func another() -> Sandbox {
        Sandbox(root: "/state", files: files, clock: clock, cancellation: Cancellation())
    }

    func state() throws -> Instance.State? { try cloud.instance(id)?.state }

    func inject(_ fault: String) throws {
        try sandbox.inject(SandboxFault(fault), into: name)
    }

    /// A step of the first run, which is the first to hold the lease.
    func step(
        _ name: String,
        run: RunID? = nil,
        fence: Int = 1,
        replaces: RunID? = nil,
        ends: Bool = false
    ) -> HostStep {
        let run = run ?? self.run
        let owner = LockOwner.current(run: run, command: "test", since: clock.now())
        return HostStep(
            StepID(run: run, step: name),
            lease: HostLease(owner, run: run, fence: fence),
            replaces: replaces,
            endsLease: ends
        )
    }

    func facts(nonce: String? = nil) throws -> HostFacts {
        try host.inspect(HostInspection(fileSystem: stack.fileSystem, nonce: nonce))
    }

    func service(_ name: String) throws -> ServiceFacts {
        try #require(try facts().service(ServiceName(name)))
    }

    func operations() throws -> [String] { try sandbox.world(name).log.map(\.operation) }

    /// Down and, a stop's time later, up again, until the agent should be there.
    func restart() throws {
        try cloud.stop(id)
        clock.advance(1.5)
        try cloud.start(id)
        clock.advance(2.3)
    }

    /// An apply that wants the project's own mount.
    func request(
        _ project: ComposeProject,
        nonce: String? = nil,
        _ change: ComposeChange = .none,
        services: [String] = [],
        expecting images: [String: String] = [:],
        healthTimeout: Double = 60
    ) throws -> ApplyRequest {
        ApplyRequest(
            project: project,
            storage: HostInspection(fileSystem: stack.fileSystem, nonce: nonce),
            change: change,
            services: try services.map { try ServiceName($0) },
            expectedImages: try Dictionary(
                uniqueKeysWithValues: images.map {
                    (try ServiceName($0.key), try ImageReference($0.value))
                }
            ),
            healthTimeout: healthTimeout
        )
    }

    /// The edit that takes an image's place in the compose file.
    func edit(_ project: ComposeProject, _ service: String, _ old: String, _ new: String) throws
        -> ComposeChange
    {
        let text = String(decoding: project.bytes, as: UTF8.self)
        let offset = try #require(text.ranges(of: old).first?.lowerBound.utf16Offset(in: text))
        return .edits(
            [ComposeEdit(service: try ServiceName(service), offset: offset, old: old, new: new)],
            before: project.sha256
        )
    }

    /// Pulls an image and puts it in the place of n8n's.
    func updateN8N(to image: String, pulling: Bool = false) throws -> ApplyEvidence {
        if pulling { _ = try host.pull(step("pull-n8n"), [ImageReference(image)]) }
        let project = try facts().project
        let change = try edit(project, "n8n", "n8nio/n8n:1.19.0", image)
        return try host.apply(
            step("apply-n8n"),
            request(project, change, services: ["n8n"], expecting: ["n8n": image])
        )
    }
}

/// The code of the diagnostic that a call ends with.
func refusal<Result>(_ body: () throws -> Result) -> String? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? Diagnostic)?.code ?? "\(error)"
    }
}
