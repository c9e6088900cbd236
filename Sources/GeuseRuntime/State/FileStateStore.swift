/// The states in a state directory that is shared with GeuseMaker.
public final class FileStateStore: StateStore {
    private let directory: StateDirectory
    private let files: any FileSystem
    private let clock: any Clock

    /// Makes the store.
    public init(_ directory: StateDirectory, _ files: any FileSystem, _ clock: any Clock) {
        self.directory = directory
        self.files = files
        self.clock = clock
    }

    /// Every file `NAME.json`, broken ones and ones with impossible names too.
    public func list() throws -> [StateEntry] {
        try files.list(directory.deployments).filter { $0.hasSuffix(".json") }.map { file in
            let text = String(file.dropLast(5))
            do {
                return StateEntry(name: text, state: .success(try load(StackName(text)).state))
            } catch let error as Diagnostic {
                return StateEntry(name: text, state: .failure(error))
            }
        }
    }

    /// Reads and checks a state; a file that cannot be used is refused and never touched.
    public func load(_ name: StackName) throws -> LoadedState {
        let bytes: [UInt8]
        do {
            bytes = try files.read(directory.state(name))
        } catch let error as Diagnostic where error.code == "file_not_found" {
            throw unknown(name)
        } catch let error as Diagnostic {
            throw error.withKind(.refused)
        }
        do {
            return try Self.read(bytes, name)
        } catch let error as Diagnostic {
            throw unusable(name, error)
        }
    }

    /// The state in the bytes of a file or a backup.
    static func read(_ bytes: [UInt8], _ name: StackName) throws -> LoadedState {
        guard case .object(let document) = try JSONParser.parse(bytes) else {
            throw Diagnostic("invalid_json", "The text is no JSON object.")
        }
        let (current, migrations) = try StateMigration.migrate(document)
        let state = try DeploymentState(current)
        guard state.name == name else {
            throw StateProblem.field("stack_name", "says \(state.name), not \(name)")
        }
        return LoadedState(state: state, bytes: bytes, migrations: migrations)
    }

    /// Writes a state in place of the one that was loaded.
    @discardableResult
    public func save(
        _ state: DeploymentState,
        replacing loaded: LoadedState?,
        under lock: DeploymentLock
    ) throws -> LoadedState {
        let name = state.name
        try lock.require(name, directory)
        guard state.status.isKnown else {
            throw StateProblem.field("status", "is no known status")
        }
        let path = directory.state(name)
        let present = files.exists(path) ? try files.read(path) : nil
        guard present == loaded?.bytes else { throw changed(name, isNew: loaded == nil) }
        var state = state
        state.updatedAt = clock.now()
        let bytes = try state.bytes()
        // What is written must be what will be read.
        let stored = try Self.read(bytes, name)
        guard stored.state == state else {
            throw StateProblem.field("stack_name", "does not read back as it was written")
        }
        try files.replace(path, with: bytes)
        return stored
    }

    private func unknown(_ name: StackName) -> Diagnostic {
        let known = ((try? files.list(directory.deployments)) ?? [])
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
        let near = NearNames.of(name.text, among: known).map { VisibleText.filtered($0) }
        let detail =
            near.isEmpty
            ? "No state of that name is in \(VisibleText.filtered(directory.deployments))."
            : "Did you mean \(near.joined(separator: " or "))?"
        return Diagnostic(
            "unknown_deployment",
            "There is no deployment \(name).",
            detail: detail,
            hint: "See all: " + directory.command("list")
        )
    }

    private func unusable(_ name: StackName, _ error: Diagnostic) -> Diagnostic {
        let backups = Backups(directory, files, clock)
        let usable = ((try? backups.list(name)) ?? []).filter { $0.problem == nil }
        let shown = usable.prefix(5).map { VisibleText.filtered("\($0.id) (\($0.createdAt))") }
        let listing =
            usable.isEmpty
            ? "There is no usable backup."
            : "Backups, newest first: \(shown.joined(separator: ", "))."
        var hint = error.hint
        if error.code != "state_newer_schema" {
            hint = usable.first.map {
                "Put the newest back: "
                    + directory.command(
                        "backup restore \(name) \(ShellText.quoted($0.id)) --state-only"
                    )
            }
        }
        let isNewer = error.code == "state_newer_schema"
        return Diagnostic(
            isNewer ? error.code : error.code == "invalid_json" ? "state_corrupt" : error.code,
            isNewer
                ? error.summary
                : "The state of \(name) cannot be used; its file was left as it is.",
            detail: [error.summary, error.detail, listing].compactMap { $0 }
                .joined(separator: " "),
            hint: hint,
            kind: .refused,
            cause: error
        )
    }

    private func changed(_ name: StackName, isNew: Bool) -> Diagnostic {
        Diagnostic(
            "state_changed",
            isNew
                ? "A state of \(name) exists already."
                : "The state of \(name) was changed by somebody else since it was read.",
            detail: "Nothing was written to it.",
            hint: "Look at it: " + directory.command("describe \(name)")
        )
    }
}
