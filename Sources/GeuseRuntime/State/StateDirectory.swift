/// The places in a state directory, which GeuseMaker and this program share.
///
/// Only `journal` and the `.owner` and `.evidence.json` files are ours alone; their names are such
/// that none of GeuseMaker's patterns (`deployments/*.json`, `backups/NAME/*.json.gz`) finds them.
public struct StateDirectory: Sendable, Equatable {
    /// The directory itself, without a slash at its end.
    public let root: String
    /// What a command must carry to mean this directory: nothing for the default one.
    public let option: String

    /// One that no command has to name, for a stack of which only the name counts.
    public static let unnamed = StateDirectory(root: "", isDefault: true)

    /// Names the places under a root.
    ///
    /// - Parameters:
    ///   - root: the directory, absolute or relative.
    ///   - isDefault: whether a command finds it without being told.
    public init(root: String, isDefault: Bool = false) {
        var root = root
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        self.root = root
        option = isDefault ? "" : " --state-dir " + ShellText.quoted(root)
    }

    /// Where state files are.
    public var deployments: String { root + "/deployments" }
    /// The state file of a stack.
    public func state(_ name: StackName) -> String { deployments + "/\(name.text).json" }
    /// The lock file of a stack.
    public func lock(_ name: StackName) -> String { state(name) + ".lock" }
    /// The file that tells who holds the lock.
    public func lockOwner(_ name: StackName) -> String { lock(name) + ".owner" }
    /// Where backups of a stack are.
    public func backups(_ name: StackName) -> String { root + "/backups/" + name.text }
    /// Where labelled backups are: below, because GeuseMaker prunes the directory above by age.
    public func labelledBackups(_ name: StackName) -> String { backups(name) + "/labelled" }
    /// Where the backups with or without a label are.
    func backups(_ name: StackName, isLabelled: Bool) -> String {
        isLabelled ? labelledBackups(name) : backups(name)
    }
    /// Where journals of a stack are.
    public func journals(_ name: StackName) -> String { root + "/journal/" + name.text }
    /// The journal of a run.
    public func journal(_ name: StackName, _ run: RunID) -> String {
        journals(name) + "/\(run.text).jsonl"
    }

    /// A command line for a hint, with this directory named if need be.
    public func command(_ words: String) -> String { "geusemaker \(words)\(option)" }

    /// Makes the directories of a stack where they are missing.
    public func prepare(_ name: StackName, _ files: any FileSystem) throws {
        for path in [deployments, backups(name), labelledBackups(name), journals(name)] {
            try files.createDirectory(path)
        }
    }

    /// Removes temporary files of writes that a death cut short.
    ///
    /// Only the holder of the stack's lock calls it, so nobody is writing them now.
    func sweep(_ name: StackName, _ files: any FileSystem) {
        let folders = [
            (deployments, ".\(name.text).json."), (backups(name), "."),
            (labelledBackups(name), "."), (journals(name), "."),
        ]
        for (folder, prefix) in folders {
            for file in (try? files.list(folder)) ?? []
            where file == probeFile(name) || file.hasPrefix(prefix) && file.hasSuffix(".tmp") {
                // Left-overs hurt nobody; one that stays is tried again next time.
                try? files.remove(folder + "/" + file)
            }
        }
    }

    /// The file that is written to see whether one can be; named so that no stack sweeps another's.
    func probeFile(_ name: StackName) -> String { "\(name.text).json.probe" }

    /// Proves before a run that what it will have to write can be written.
    ///
    /// A backup, a journal and two states are far smaller than what is tried here.
    public func probe(_ name: StackName, _ files: any FileSystem) throws {
        try prepare(name, files)
        let sample = [UInt8](repeating: 0x20, count: 256 << 10)
        for directory in [deployments, backups(name), journals(name)] {
            let path = directory + "/" + probeFile(name)
            do {
                try files.replace(path, with: sample)
                try files.remove(path)
            } catch let error as Diagnostic {
                try? files.remove(path)
                throw Self.unwritable(error)
            }
        }
    }

    /// The refusal where something could not be written before anything was touched.
    static func unwritable(_ error: Diagnostic) -> Diagnostic {
        Diagnostic(
            "state_directory_unwritable",
            "The state directory cannot take what a run has to write.",
            detail: error.summary + " Nothing was touched.",
            hint: error.hint,
            kind: .refused,
            cause: error
        )
    }
}
