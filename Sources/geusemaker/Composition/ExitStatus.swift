import GeuseRuntime

/// The exit codes; docs/COMMANDS.md explains each to the user.
enum ExitStatus {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let pending: Int32 = 2
    static let declined: Int32 = 3
    static let refused: Int32 = 4
    static let locked: Int32 = 5
    static let rolledBack: Int32 = 6
    static let needsAttention: Int32 = 7
    static let usage: Int32 = 64
    static let interrupted: Int32 = 130

    /// The code of a failure that changed nothing.
    static func of(_ error: Diagnostic) -> Int32 {
        switch error.kind {
        case .usage: usage
        case .refused: refused
        case .locked: locked
        case .declined: declined
        case .interrupted: interrupted
        case .failed: failed
        case .needsAttention: needsAttention
        }
    }
}
