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

    /// The journals of the newest runs that can be read, oldest first.
    public func newest(_ count: Int, of name: StackName) -> [JournalReading] {
        ((try? runs(of: name)) ?? []).suffix(count).compactMap { try? read($0, of: name) }
    }

    /// Whether the journal of a run is here and says that the run ended.
    public func hasEnded(_ run: RunID, of name: StackName) -> Bool {
        (try? read(run, of: name))?.outcome != nil
    }

    /// The length of the time in a run id.
    private static let stamp = "yyyymmdd-hhmmss".count

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
        let readings = try runs(of: name).map { try read($0, of: name) }
        // No run begins before the one before it has ended, so that an old journal that cannot be read
        // to its end has lost that end. A run id tells the second only.
        let newest = readings.map { $0.run.text.prefix(Self.stamp) }.max()
        return readings.filter { reading in
            guard reading.isUnfinished else { return false }
            guard reading.isReadable else {
                return reading.run.text.prefix(Self.stamp) == newest
            }
            return reading.tail == .whole || !readings.contains { $0.ended(after: reading) }
        }
        .max { left, right in
            let (first, second) = (left.records.first?.time, right.records.first?.time)
            if let first, let second { return first < second }
            return left.run.text < right.run.text
        }
    }
}
