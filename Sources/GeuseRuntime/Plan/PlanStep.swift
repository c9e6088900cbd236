/// One step of a plan: exactly the change that a primitive asked for, and nothing else.
///
/// The script runs twice, once to plan and once for real; the real run may only do the plan's next
/// step, so steps compare by value.
public enum PlanStep: Sendable, Equatable {
    /// Saves state, compose file and digests, and writes the nonce.
    case backup(label: BackupLabel?)
    /// Brings an image to the host; nothing that runs changes.
    case pull(service: ServiceName, image: ImageReference)
    /// Opens an interruption that the changes inside share.
    case openWindow(name: String)
    /// Changes the type of the instance.
    case resize(from: String, to: InstanceType, fallback: [InstanceType])
    /// Changes one image in the compose file.
    case setImage(service: ServiceName, from: String, to: ImageReference)
    /// Closes the interruption: the services are brought up once and must be healthy.
    case closeWindow(name: String)
    /// Brings back an earlier configuration: type, compose file and images.
    case rollback(RollbackTarget)
    /// Keeps what was done so far, if a later step fails.
    case checkpoint(name: String)
    /// Puts the data of a service back from a dump.
    case restoreData(DataRestore)
    /// Does something that leaves the configuration as it is.
    case operation(PlanOperation)
    /// Gives a service's role in the database a new password.
    case rotateCredentials(CredentialTarget)

    /// What it does, in a few words.
    public var title: String {
        switch self {
        case .backup(let label): "back up" + (label.map { " as \"\($0)\"" } ?? "")
        case .pull(let service, let image): "pull \(image) for \(service)"
        case .openWindow(let name): "open the window \"\(name)\""
        case .resize(let from, let to, let fallback):
            "change the instance type \(from) -> \(to)"
                + (fallback.isEmpty
                    ? "" : " (else " + fallback.map(\.text).joined(separator: ", ") + ")")
        case .setImage(let service, let from, let to): "set \(service) \(from) -> \(to)"
        case .closeWindow(let name): "close the window \"\(name)\""
        case .rollback(let target):
            target.isReached
                ? "stay at \(target.name), which is what is there" : "roll back to \(target.name)"
        case .restoreData(let restore): restore.title
        case .checkpoint(let name): "checkpoint \"\(name)\": verify and keep what was done so far"
        case .operation(let operation): operation.title
        case .rotateCredentials(let target):
            "rotate the database password of \(target.service) (\(target.sentence))"
        }
    }

    /// Whether it changes something that runs.
    public var isChange: Bool {
        switch self {
        case .resize, .setImage, .restoreData, .rotateCredentials: true
        case .rollback(let target): !target.isReached
        case .operation(let operation): operation.isChange
        case .backup, .pull, .openWindow, .closeWindow, .checkpoint: false
        }
    }

    /// The step as data, for the journal and for JSON output.
    public var json: JSONValue {
        switch self {
        case .backup(let label):
            ["step": "backup", "label": label.map { .string($0.text) } ?? .null]
        case .pull(let service, let image):
            ["step": "pull", "service": .string(service.text), "image": .string(image.text)]
        case .openWindow(let name): ["step": "open_window", "name": .string(name)]
        case .resize(let from, let to, let fallback):
            [
                "step": "resize", "from": .string(from), "to": .string(to.text),
                "fallback": .array(fallback.map { .string($0.text) }),
            ]
        case .setImage(let service, let from, let to):
            [
                "step": "set_image", "service": .string(service.text), "from": .string(from),
                "to": .string(to.text),
            ]
        case .closeWindow(let name): ["step": "close_window", "name": .string(name)]
        case .rollback(let target): ["step": "rollback", "to": target.json]
        case .restoreData(let restore): ["step": "restore_data", "from": restore.json]
        case .checkpoint(let name): ["step": "checkpoint", "name": .string(name)]
        case .operation(let operation): operation.json
        case .rotateCredentials(let target):
            ["step": "rotate_credentials", "credential": target.json]
        }
    }
}
