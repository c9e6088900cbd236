/// What a state file says a stack is doing.
public enum DeploymentStatus: Sendable, Equatable, CustomStringConvertible {
    /// It is being made.
    case creating
    /// It was seen running.
    case running
    /// A run is changing it.
    case updating
    /// A run is undoing a change.
    case rollingBack
    /// It is being taken down.
    case destroying
    /// A change failed.
    case failed
    /// It is gone.
    case terminated
    /// A word that this version does not know.
    case unknown(String)

    private static let words: [(DeploymentStatus, String)] = [
        (.creating, "creating"), (.running, "running"), (.updating, "updating"),
        (.rollingBack, "rolling_back"), (.destroying, "destroying"), (.failed, "failed"),
        (.terminated, "terminated"),
    ]

    /// Reads the word of a state file.
    public init(_ word: String) {
        self = Self.words.first { $0.1 == word }?.0 ?? .unknown(word)
    }

    /// The word of the state file.
    public var description: String {
        guard case .unknown(let word) = self else {
            return Self.words.first { $0.0 == self }?.1 ?? ""
        }
        return word
    }

    /// Whether this version knows the word.
    public var isKnown: Bool {
        guard case .unknown = self else { return true }
        return false
    }
}
