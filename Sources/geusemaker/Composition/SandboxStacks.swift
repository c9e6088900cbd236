import GeuseRuntime

extension CommandFrame {
    /// Makes a simulated stack and its state file; a stack that is there is never replaced.
    func createSandbox(_ name: StackName, _ options: SandboxOptions) throws -> SandboxStack {
        try directory.prepare(name, files)
        let lock = try lock(name, command: "sandbox create")
        defer { lock.release() }
        guard !files.exists(directory.state(name)) else {
            throw Diagnostic(
                "stack_exists",
                "There is a stack called \(name) already.",
                detail: "Nothing was changed.",
                hint: "Use another name, or remove a simulated one: "
                    + directory.command("sandbox remove \(name)"),
                kind: .refused
            )
        }
        let stack = try sandbox.create(name, options)
        try store.save(try stack.deploymentState(now: clock.now()), replacing: nil, under: lock)
        return stack
    }

    /// Refuses a stack that is not simulated.
    func requireSandbox(_ name: StackName) throws {
        guard isSandbox(name) else {
            throw Diagnostic(
                "not_a_sandbox",
                "\(name) is not a simulated stack.",
                detail: "Nothing was changed.",
                hint: directory.command("sandbox list"),
                kind: .refused
            )
        }
    }

    /// Takes a stack's lock.
    func lock(
        _ name: StackName,
        command: String,
        run: RunID? = nil,
        waiting seconds: Double = 0
    ) throws -> DeploymentLock {
        try DeploymentLock.acquire(
            name,
            in: directory,
            files,
            owner: LockOwner.current(run: run, command: command, since: clock.now()),
            waiting: seconds,
            Interruption.flag
        )
    }
}
