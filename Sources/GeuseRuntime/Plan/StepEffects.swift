// What a step does to the world, and what becomes of that if the run fails later.

extension PlanStep {
    /// What becomes of a step when a later one fails.
    public enum Reversibility: String, Sendable, Equatable {
        /// It leaves nothing to undo: it only adds, or only looks.
        case harmless
        /// It is undone exactly.
        case reversible
        /// It is undone, but what a service has written since is only had back from a dump or a backup.
        case restoreOnly = "restore-only"
        /// It cannot be undone.
        case oneWay = "one-way"
    }

    /// Whether the instance is stopped by it.
    public var stopsInstance: Bool {
        switch self {
        case .resize: true
        case .rollback(let target): target.changesType && !target.isReached
        default: false
        }
    }

    /// The calls of the cloud and the work on the host that it consists of, in order.
    ///
    /// - Parameters:
    ///   - inWindow: whether it shares its interruption with others; services then start when the window
    ///     closes.
    ///   - reserving: whether room for a new type is held.
    /// - Returns: the API's own names, and what the host does in words.
    public func actions(inWindow: Bool, reserving: Bool = false) -> [String] {
        let up = "host: prove EFS, edit the compose file, compose up, wait for health"
        return switch self {
        case .backup: ["host: save the compose file and a nonce, read both back"]
        case .pull: ["host: docker pull"]
        case .openWindow, .checkpoint: []
        case .restoreData(let restore): restore.actions
        case .operation(let operation): operation.actions
        case .closeWindow: [up]
        case .setImage: inWindow ? [] : [up]
        case .rotateCredentials(let target): Self.rotation(target)
        case .resize:
            (reserving ? Self.reservedExchange : Self.exchange) + (inWindow ? [] : [Self.restart])
                + (reserving ? ["at the end: CancelCapacityReservation"] : [])
        case .rollback(let target) where target.isReached: []
        case .rollback(let target):
            (target.changesType ? Self.exchange : [])
                + ["host: prove EFS, put the compose file back, compose up, wait for health"]
        }
    }

    private static func rotation(_ target: CredentialTarget) -> [String] {
        [
            "host: make a password, prove it, ALTER ROLE, edit \(target.files.joined(separator: ", ")), "
                + "make \(target.service) anew",
            "host: prove EFS, wait for health",
            "host: see \(target.service) log in, forget the old one",
        ]
    }

    private static let exchange = [
        "host: compose stop, list the data", "StopInstances", "ModifyInstanceAttribute",
        "StartInstances",
    ]
    private static let reservedExchange =
        ["CreateCapacityReservation"] + exchange.dropLast()
        + ["ModifyInstanceCapacityReservationAttributes", "StartInstances"]
    private static let restart = "host: prove EFS, compare the data, compose up, wait for health"

    /// What becomes of it when a later step fails.
    public var reversibility: Reversibility {
        switch self {
        case .backup, .pull, .openWindow, .closeWindow, .checkpoint: .harmless
        case .resize, .restoreData, .rotateCredentials: .reversible
        case .operation(let operation): operation.reversibility
        // A newer program may change the form of its data at its first start.
        case .setImage: .restoreOnly
        case .rollback(let target):
            target.isReached ? .harmless : target.images.isEmpty ? .reversible : .restoreOnly
        }
    }

    /// The step as data, with what it does: more than is needed to read it back.
    func described(inWindow: Bool, reserving: Bool) -> JSONValue {
        var object = json.objectValue ?? JSONObject()
        object["actions"] = .array(
            actions(inWindow: inWindow, reserving: reserving).map(JSONValue.string)
        )
        object["reversibility"] = .string(reversibility.rawValue)
        return .object(object)
    }
}

extension Plan {
    /// The steps, each with whether it shares its interruption with others.
    public var stepsInWindows: [(step: PlanStep, inWindow: Bool)] {
        var inWindow = false
        return steps.map { step in
            if case .openWindow = step { inWindow = true }
            if case .closeWindow = step { inWindow = false }
            return (step, inWindow)
        }
    }

    /// Seconds until the last moment that the plan waits for, or until its end where it has one.
    ///
    /// - Parameter now: the time.
    /// - Returns: the seconds; 0 for a plan that waits for nothing.
    public func waiting(from now: Timestamp) -> Double {
        steps.reduce(0) { longest, step in
            guard case .operation(.wait(let time, let end)) = step else { return longest }
            return max(longest, (end ?? time).seconds - now.seconds)
        }
    }

    /// Whether it has commands of the script's own.
    var hasCommands: Bool {
        steps.contains { if case .operation(.exec) = $0 { true } else { false } }
    }

    /// Whether it puts data back from dumps.
    var restoresData: Bool {
        steps.contains { if case .restoreData = $0 { true } else { false } }
    }

    /// The services that it restarts, each once.
    var restarted: [ServiceName] {
        steps.reduce(into: []) { services, step in
            guard case .operation(.restart(let service)) = step, !services.contains(service) else {
                return
            }
            services.append(service)
        }
    }

    /// The steps from the last opening of a window on.
    static func lastWindow(of steps: [PlanStep]) -> [PlanStep] {
        let open = steps.lastIndex { if case .openWindow = $0 { true } else { false } }
        return open.map { Array(steps[$0...]) } ?? []
    }

    /// Has room for a new type held, if there is to be one.
    public mutating func reserveCapacity(_ isWanted: Bool) {
        reservesCapacity =
            isWanted
            && steps.contains { if case .resize = $0 { true } else { false } }
        guard reservesCapacity else { return }
        warnings.append(
            "Room for the new type is reserved before anything stops and released at the end; until the "
                + "instance is in it, it costs as much as an instance of the type."
        )
    }
}
