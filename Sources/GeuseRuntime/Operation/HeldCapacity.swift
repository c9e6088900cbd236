/// What a run knows of the room that it has had EC2 hold, so that all of it is given back.
struct HeldCapacity {
    /// What the instance is to start in.
    var reservation: CapacityReservation?
    /// The ids of all that the run is known to have made, oldest first: EC2 may not list by its tag yet
    /// what it has just made.
    var ids: [String] = []
    /// Whether there may be something to give back.
    var isOpen = false
    /// Whether one may have been made of which no answer came.
    var isUnsure = false
    /// What could not be given back, or has to be known, in sentences.
    var notes: [String] = []

    /// In what reservations the instance started before the run.
    var original: CapacityChoice
    /// Whether the journal has that.
    var isOriginalKept = false

    /// What the instance is to be told once the run's own reservation is gone; one that it named before
    /// is gone, too, or no run would have been let near it.
    var afterwards: CapacityChoice { original.reservation == nil ? original : .open }

    /// Of a run that goes on after a kill its journal tells; one that lost its beginning may have held
    /// anything.
    init(continuing reading: JournalReading?, now: CapacityChoice) {
        original = now
        guard let reading else { return }
        if let kept = reading.capacity {
            original = kept
            isOriginalKept = true
        }
        ids = reading.reservations
        let wasWanted = reading.start.map { $0.plan["reserves_capacity"]?.boolValue ?? false }
        isOpen = wasWanted ?? true || !ids.isEmpty
    }

    /// Remembers one.
    mutating func know(_ id: String) {
        if !ids.contains(id) { ids.append(id) }
    }

    /// Forgets one that holds nothing any more.
    mutating func forget(_ id: String) { ids.removeAll { $0 == id } }
}

extension JournalReading {
    /// In what reservations the instance started before the run set that; nil where it did not.
    var capacity: CapacityChoice? {
        for record in records {
            if case .note(StackRecord.capacityNote, let details) = record.event {
                return CapacityChoice(json: .object(details))
            }
        }
        return nil
    }

    /// The reservations of capacity that were seen to be made, oldest first.
    var reservations: [String] {
        records.compactMap { record in
            guard case .outcome(let outcome) = record.event, outcome.ok,
                outcome.step.hasSuffix("-\(Session.reserveWord)"),
                let seen = outcome.observed["value"]?.stringValue, seen.hasPrefix("cr-")
            else { return nil }
            return seen
        }
    }
}

extension StackRecord {
    /// The text of the note that tells in what reservations the instance started before the run.
    static let capacityNote = "capacity"

    /// Notes that before it is set.
    func capacity(_ original: CapacityChoice) throws {
        try tell(.note(Self.capacityNote, original.json.objectValue ?? JSONObject()))
    }
}
