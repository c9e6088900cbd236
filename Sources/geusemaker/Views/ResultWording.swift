import GeuseRuntime

/// What a result says was done.
enum ResultWording {
    case update
    case rollback
    case backup
    case data

    /// The message of the envelope.
    func message(_ name: StackName) -> String {
        switch self {
        case .update: "Update applied to \(name)"
        case .rollback: "Rolled back \(name)"
        case .backup: "Backed up \(name)"
        case .data: "Data of \(name) restored"
        }
    }

    /// The sentence for a person.
    func sentence(_ name: StackName) -> String {
        switch self {
        case .update: "Done: \(name) is updated, and all its services are healthy."
        case .rollback: "Done: \(name) is what it was then, and all its services are healthy."
        case .data: "Done: the data is what it was then, and all services of \(name) are healthy."
        case .backup: "Done: \(name) is backed up, and the backup was read back."
        }
    }
}
