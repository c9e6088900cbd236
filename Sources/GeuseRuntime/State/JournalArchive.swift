/// The journals of all runs.
public final class JournalArchive {
    private let directory: StateDirectory
    private let files: any FileSystem

    /// Makes it.
    public init(_ directory: StateDirectory, _ files: any FileSystem) {
        self.directory = directory
        self.files = files
    }

    /// The runs of a stack, oldest first.
    public func runs(of name: StackName) throws -> [RunID] {
        try files.list(directory.journals(name)).compactMap { file in
            file.hasSuffix(".jsonl") ? try? RunID(String(file.dropLast(6))) : nil
        }
    }

    /// The journal of a run.
    public func read(_ run: RunID, of name: StackName) throws -> JournalReading {
        JournalReading(try files.read(directory.journal(name, run)), run)
    }

    /// How many journals of runs that ended are kept.
    public static let keptByDefault = 200

    /// Removes the oldest journals beyond a number; those of runs that have not ended stay.
    public func prune(_ name: StackName, keep: Int = JournalArchive.keptByDefault) throws {
        for run in try runs(of: name).dropLast(max(1, keep)) {
            let reading = try read(run, of: name)
            if reading.outcome != nil { try files.remove(directory.journal(name, run)) }
        }
    }

    /// The newest run that has not ended, if there is one; `recover` is for it.
    public func unfinished(_ name: StackName) throws -> JournalReading? {
        try runs(of: name).map { try read($0, of: name) }.filter(\.isUnfinished)
            .max { left, right in
                // A run id tells the second only.
                let (first, second) = (left.records.first?.time, right.records.first?.time)
                if let first, let second { return first < second }
                return left.run.text < right.run.text
            }
    }
}
