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

    /// Of a run that goes on after a kill its journal tells; one that lost its beginning may have held
    /// anything.
    init(continuing reading: JournalReading?) {
        guard let reading else { return }
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
