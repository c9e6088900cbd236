// What a run has had EC2 hold is given back at its end, or it is said what is left.

extension Session {
    /// Seconds for a reservation that EC2 has not decided on, or does not show yet, to be taken back.
    private static let releaseLimit = 30.0

    /// Gives back what the run reserved; a failure to is told, not thrown.
    ///
    /// - Parameter undoing: whether the run is being undone, whose warnings nobody reads later.
    func releaseCapacity(undoing: Bool = false) {
        guard held.isOpen else { return }
        held.isOpen = false
        reservation = nil
        // There is nothing left to undo, and what stays is paid for.
        edges.cancellation.shield()
        var ended: Set<String> = []
        var left: [String] = []
        do {
            for found in try listed() {
                if found.hasEnded { ended.insert(found.id) }
                held.know(found.id)
            }
        } catch {
            if held.ids.isEmpty || held.isUnsure || isContinuing {
                left.append(unlisted("could not be looked up (\(Self.diagnostic(error).code))"))
            }
        }
        // Whether it is listed or not: the list may be late.
        for id in held.ids where !ended.contains(id) {
            do {
                try giveBack(id)
                ended.insert(id)
            } catch {
                left.append(notReleased(id, Self.diagnostic(error)))
            }
        }
        if held.isUnsure, held.ids.isEmpty, left.isEmpty {
            left.append(unlisted("is not known, since EC2 gave no answer"))
        }
        held.notes = left.map { "\($0)." }
        if undoing { leftBehind += left }
        if let named = facts.instance.capacityReservation, ended.contains(named) {
            held.notes.append(stillNamed(named))
        }
        warnings += held.notes
        if undoing { for note in held.notes { edges.observer.observe(.warning(note)) } }
    }

    /// What EC2 lists of the run's; where it may have made one without an answer, once it shows that.
    private func listed() throws -> [CapacityReservation] {
        guard held.isUnsure, held.ids.isEmpty else {
            return try edges.cloud.capacityReservations(of: run)
        }
        do {
            return try Waiter(
                expected: nil,
                limit: Self.releaseLimit,
                clock: edges.clock,
                cancellation: edges.cancellation
            ).wait(
                for: "the run's reservation to be listed",
                read: { try edges.cloud.capacityReservations(of: run) },
                judge: { $0.isEmpty ? .waiting : .reached }
            )
        } catch let error as Diagnostic where error.code == "wait_timeout" {
            return []
        }
    }

    /// Cancels one.
    ///
    /// EC2 takes back active ones only and may not show yet what it has just made, so that a refusal is
    /// looked into and, where that may pass, tried again.
    ///
    /// - Parameter id: the reservation.
    /// - Throws: `Diagnostic` when it is not known to have ended.
    func giveBack(_ id: String) throws {
        var refusals = 0
        var isUnknown = false
        let wait = Waiter(
            expected: nil,
            limit: Self.releaseLimit,
            clock: edges.clock,
            cancellation: edges.cancellation
        )
        do {
            _ = try wait.wait(
                for: "the reservation \(id) to be released",
                read: { () -> Diagnostic? in
                    do {
                        try edges.cloud.cancelCapacityReservation(id)
                        return nil
                    } catch let error as Diagnostic where !ErrorClass.isPassing(error.code) {
                        return error
                    }
                },
                judge: { refusal in
                    guard let refusal else { return .reached }
                    let found: CapacityReservation?
                    do {
                        found = try edges.cloud.capacityReservation(id)
                    } catch {
                        return .unreachable(refusal)
                    }
                    isUnknown = found == nil
                    guard let found else {
                        // EC2 may not show yet what it has just made.
                        return isContinuing || refusal.code == CapacityReservation.notFound
                            ? .waiting : .unreachable(refusal)
                    }
                    if found.hasEnded { return .reached }
                    if found.state == "pending" { return .waiting }
                    // It may have become active since it was refused.
                    refusals += 1
                    return refusals < 3 ? .waiting : .unreachable(refusal)
                }
            )
        } catch let error as Diagnostic
            where error.code == "wait_timeout" && isContinuing && isUnknown
        {
            // After a kill it was made long ago: what EC2 goes on not knowing is gone.
        }
        held.forget(id)
    }

    // MARK: what is told

    private func notReleased(_ id: String, _ error: Diagnostic) -> String {
        let id = VisibleText.filtered(id)
        return
            "The reserved room \(id) could not be released (\(error.code)) and is paid for; it ends "
            + "by itself within four hours of its making, or: aws ec2 cancel-capacity-reservation "
            + "--capacity-reservation-id \(id)"
    }

    private func unlisted(_ why: String) -> String {
        "Whether the run holds reserved room \(why); it would end by itself within four hours of its "
            + "making. See: aws ec2 describe-capacity-reservations --filters "
            + "Name=tag:\(CapacityReservation.tag),Values=\(run)"
    }

    /// Only a stopped instance can be told otherwise (ModifyInstanceCapacityReservationAttributes).
    private func stillNamed(_ id: String) -> String {
        "The instance still names the released reservation \(VisibleText.filtered(id)). "
            + (held.afterwards.isSame(as: .open)
                ? "The next change of its type sets that right; before" : "Before")
            + " a start by hand after a stop: "
            + "aws ec2 modify-instance-capacity-reservation-attributes --instance-id "
            + "\(target.instance) --capacity-reservation-specification "
            + held.afterwards.argument
    }
}
