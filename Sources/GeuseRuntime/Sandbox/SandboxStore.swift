import Glibc

/// The one file that holds a simulated stack, changed under a lock so that every process sees one world.
final class SandboxStore {
    let name: StackName
    let clock: any Clock
    let cancellation: Cancellation
    private let files: any FileSystem
    private let path: String
    private let die: () -> Void

    /// How long to wait for another process; none holds the lock longer than one read and write.
    private static let patience = 10.0

    init(
        directory: String,
        name: StackName,
        files: any FileSystem,
        clock: any Clock,
        cancellation: Cancellation,
        die: (() -> Void)? = nil
    ) {
        self.name = name
        self.files = files
        self.clock = clock
        self.cancellation = cancellation
        self.die = die ?? { kill(getpid(), SIGKILL) }
        path = "\(directory)/\(name).json"
    }

    var exists: Bool { files.exists(path) }

    /// The world as it is now, without a trace of the look in it.
    func read() throws -> SandboxWorld {
        var world = try load()
        world.advance(to: clock.now())
        return world
    }

    /// Puts a new world in place; there must be none.
    func create(_ world: SandboxWorld) throws {
        try locked {
            guard !exists else {
                throw Diagnostic(
                    "sandbox_exists",
                    "There is a sandbox stack named \(name) already.",
                    hint: "Remove it with: geusemaker sandbox remove \(name)",
                    kind: .usage
                )
            }
            try save(world)
        }
    }

    func remove() throws {
        try requireFile()
        try locked {
            _ = try load()
            try files.remove(path)
        }
    }

    /// Loads, lets time pass, applies, saves; a refusal is saved too, with the fault that it used up.
    func change<Result>(_ body: (inout SandboxWorld) throws -> Result) throws -> Result {
        // Before the lock, so that a wrong name leaves no lock file behind.
        try requireFile()
        return try locked {
            var world = try load()
            world.advance(to: clock.now())
            let result = Swift.Result { try body(&world) }
            try save(world)
            return try result.get()
        }
    }

    /// A change that is a request: it is logged, can be told to lose its reply, and to end the program.
    func serve<Result>(
        _ operation: String,
        _ subject: String? = nil,
        _ body: (inout SandboxWorld) throws -> Result
    ) throws -> Result {
        try cancellation.check()
        var isLost = false
        var isLast = false
        let result = try change { world in
            world.record(operation, subject)
            let entry = world.log.count - 1
            let before = world.effects
            defer { world.log[entry].hadEffect = world.effects != before }
            do {
                let result = try body(&world)
                isLast = world.takeFault(.kill) { $0.value == operation } != nil
                if operation.hasPrefix("host."), SandboxRequest.changing.contains(operation) {
                    isLost = world.takeFault(.reply) != nil
                }
                return result
            } catch {
                world.log[entry].refusal = (error as? Diagnostic)?.code
                throw error
            }
        }
        if isLast { die() }
        guard isLost else { return result }
        throw Diagnostic(
            "host_outcome_unknown",
            "The reply of \(operation) was lost; it may have been done.",
            hint: "Run the same step again: what was done is not done twice."
        )
    }

    private func requireFile() throws {
        guard exists else {
            throw Diagnostic(
                "unknown_sandbox",
                "There is no sandbox stack named \(name).",
                hint: "List them with: geusemaker sandbox list",
                kind: .usage
            )
        }
    }

    private func locked<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = try files.lock(path + ".lock", waiting: Self.patience, cancellation)
        defer { lock.release() }
        return try body()
    }

    private func load() throws -> SandboxWorld {
        try requireFile()
        let world = try SandboxWorld(worldJSON: JSONParser.parse(files.read(path)))
        if world.speed > 1 { (clock as? SandboxClock)?.reach(world.time, speed: world.speed) }
        return world
    }

    private func save(_ world: SandboxWorld) throws {
        try files.replace(
            path,
            with: Array((JSONWriter.write(world.worldJSON, .pretty) + "\n").utf8)
        )
    }
}
