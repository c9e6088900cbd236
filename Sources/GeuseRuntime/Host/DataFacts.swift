/// What was seen of the services' data on the mount while none of them ran.
///
/// The entries themselves stay on the host: names of files may tell more than a journal should keep.
public struct DataFacts: Sendable, Equatable {
    /// What came of the look.
    public enum Verdict: String, Sendable, Equatable {
        /// It was written down, to be compared with later.
        case recorded
        /// Paths, kinds, owners, sizes, times and hashes are what was written down.
        case same
        /// Paths, kinds, owners, sizes and times are; the content of no file could be compared, or of one not
        /// for its name.
        case unread
        /// Something has been added or changed since, and nothing is gone.
        case changed
        /// Something is gone since.
        case lost
        /// Services have run since and may have written; there is nothing to compare.
        case written
        /// The look did not end within its time limit.
        case slow
        /// Nothing is mounted.
        case unmounted
        /// The root disk did not take the record.
        case unwritten
    }

    /// Seconds that the look may take, as `HostScript.data` has it.
    static let longestLook = 310.0

    /// What came of it.
    public var verdict: Verdict
    /// How many files there are.
    public var files: Int
    /// How many bytes they have.
    public var bytes: Int
    /// Of how many files the content was compared too: all of those up to 64 KiB, and the heads of some
    /// larger ones, as far as the time limit let.
    public var hashed: Int
    /// The first differences, such as `lost /mnt/efs/n8n/config`; five at most.
    public var differences: [String]
    /// Services that did not end in the time that they were given and were killed.
    public var killed: [String] = []

    /// Makes the value.
    public init(
        _ verdict: Verdict,
        files: Int = 0,
        bytes: Int = 0,
        hashed: Int = 0,
        differences: [String] = []
    ) {
        self.verdict = verdict
        self.files = files
        self.bytes = bytes
        self.hashed = hashed
        self.differences = differences
    }

    /// What a payload says of it; nil where the script did not look.
    init?(_ payload: HostPayload) {
        guard let words = payload.word("data")?.split(separator: " "), words.count == 4,
            let verdict = Verdict(rawValue: String(words[0])), let files = Int(words[1]),
            let bytes = Int(words[2]), let hashed = Int(words[3])
        else { return nil }
        self.init(
            verdict,
            files: files,
            bytes: bytes,
            hashed: hashed,
            differences: payload.rows("difference", columns: 1).flatMap { $0 }
        )
        killed = payload.rows("killed", columns: 1).flatMap { $0 }
    }

    /// The value as data.
    public var json: JSONValue {
        [
            "verdict": .string(verdict.rawValue), "files": .int(files), "bytes": .int(bytes),
            "hashed": .int(hashed), "differences": .array(differences.map(JSONValue.string)),
        ]
    }

    /// One sentence for a person.
    public var sentence: String {
        let amount = "\(files) files, \(ByteCount.text(bytes))"
        let looked = "content of \(hashed) compared"
        // A record of nothing proves nothing.
        if files == 0, verdict == .recorded || verdict == .same {
            return "nothing of the services' data was found below the mount"
        }
        return switch verdict {
        case .recorded: "\(amount) written down, to be compared after the start"
        case .same: "\(amount), the same before and after (\(looked))"
        case .unread:
            "\(amount), the same names, sizes and times; the content of "
                + (hashed == 0
                    ? "none could be compared" : "\(hashed) compared, and of some it could not be")
        case .changed: "\(amount), not the same as before: " + shown
        case .lost: "\(amount), and some of what was there is gone: " + shown
        case .written:
            "not compared: by their start times services have run since it was written down"
        case .slow: "not compared: listing it took longer than five minutes, or came to a halt"
        case .unmounted: "not written down: nothing is mounted"
        case .unwritten: "not written down: the host's disk did not take it"
        }
    }

    private var shown: String {
        differences.map { VisibleText.filtered($0) }.joined(separator: "; ")
    }
}
