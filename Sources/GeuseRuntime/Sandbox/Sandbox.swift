/// The simulated stacks of one state directory.
///
/// A stack is simulated if ROOT/sandbox/NAME.json exists; every command on it then talks to that file
/// instead of AWS, and separate processes see one world.
public final class Sandbox {
    /// The account of every simulated stack: the one that AWS's documentation uses.
    static let account = "123456789012"

    private let root: String
    private let files: any FileSystem
    private let clock: any Clock
    private let cancellation: Cancellation
    private let die: (() -> Void)?

    /// Opens the sandbox of a state directory; nothing is read or written yet.
    ///
    /// `die` ends the program where a `kill` fault asks for it; without one it is SIGKILL.
    public init(
        root: String,
        files: any FileSystem,
        clock: any Clock,
        cancellation: Cancellation,
        die: (() -> Void)? = nil
    ) {
        self.root = root
        self.files = files
        self.clock = clock
        self.cancellation = cancellation
        self.die = die
    }

    private var directory: String { root + "/sandbox" }

    func store(_ name: StackName) -> SandboxStore {
        SandboxStore(
            directory: directory,
            name: name,
            files: files,
            clock: clock,
            cancellation: cancellation,
            die: die
        )
    }

    /// Whether a stack of that name is a simulated one.
    public func contains(_ name: StackName) -> Bool { store(name).exists }

    /// The names of the simulated stacks.
    public func list() throws -> [StackName] {
        try files.list(directory).filter { $0.hasSuffix(".json") }.compactMap {
            try? StackName(String($0.dropLast(5)))
        }
    }

    /// Makes a stack that has been in use for a day, with all its services healthy.
    public func create(
        _ name: StackName,
        _ options: SandboxOptions = SandboxOptions()
    ) throws -> SandboxStack {
        let world = try SandboxWorld(name, options, at: clock.now())
        try files.createDirectory(directory)
        try store(name).create(world)
        return try SandboxStack(world)
    }

    /// The facts about a stack as they are now.
    public func stack(_ name: StackName) throws -> SandboxStack {
        try SandboxStack(store(name).read())
    }

    /// The whole world of a stack, its faults and request log included; looking leaves no trace.
    public func world(_ name: StackName) throws -> SandboxWorld { try store(name).read() }

    /// Sets the fault that a text names, or takes all away for the word `clear`.
    public func setFault(_ text: String, on name: StackName) throws {
        guard text != "clear" else { return try clearFaults(name) }
        try inject(SandboxFault(text), into: name)
    }

    /// Sets a fault.
    public func inject(_ fault: SandboxFault, into name: StackName) throws {
        try store(name).change { $0.inject(fault) }
    }

    /// Changes the world of a stack by hand.
    func change(_ name: StackName, _ body: (inout SandboxWorld) throws -> Void) throws {
        try store(name).change(body)
    }

    /// Takes all faults away; an ill mount is repaired.
    public func clearFaults(_ name: StackName) throws {
        try store(name).change { $0.clearFaults() }
    }

    /// Empties the request log.
    public func clearLog(_ name: StackName) throws {
        try store(name).change { $0.log = [] }
    }

    /// Removes a stack and all that it held.
    public func remove(_ name: StackName) throws { try store(name).remove() }

    /// The control plane of a stack.
    public func cloud(_ name: StackName) -> SandboxCloud { SandboxCloud(store(name)) }

    /// The host of a stack.
    public func host(_ name: StackName) -> SandboxHost { SandboxHost(store(name)) }
}
