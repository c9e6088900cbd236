extension JournalReading {
    /// How many steps have been announced; each had its number.
    var intentCount: Int {
        records.count { record in
            if case .intent = record.event { return true }
            return false
        }
    }

    /// Whether the services were stopped by hand and nothing has tried to start them since.
    var leftServicesStopped: Bool {
        var stopped = false
        for record in records {
            switch record.event {
            case .outcome(let outcome) where outcome.step.hasSuffix("-stop-services"):
                stopped = outcome.ok
            case .intent(let intent) where intent.step.contains("-apply"): stopped = false
            default: break
            }
        }
        return stopped
    }

    /// Whether lines were lost, the one that says how the run ended perhaps among them.
    var lostLines: Bool {
        records.contains { record in
            if case .note(Journal.damageNote, _) = record.event { return true }
            return false
        }
    }

    /// What the run noted as done and verified; nil when it did not come so far.
    var verifiedChanges: [String]? {
        var result: [String]?
        for record in records {
            if case .note(StackRecord.resultNote, let details) = record.event {
                // What an undo left, such as what came before a checkpoint, is no success.
                result =
                    details["verified"] == true
                    ? details["changes"]?.arrayValue?.compactMap(\.stringValue) : nil
            }
        }
        return result.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The first backup of the run, which holds what was there before it.
    var firstBackup: String? {
        for record in records {
            if case .note("backup", let details) = record.event {
                return details["id"]?.stringValue
            }
        }
        return nil
    }

    /// What the run noted at its newest checkpoint: name, backup and the changes before it.
    var checkpoint: JSONObject? {
        for record in records.reversed() {
            if case .note(StackRecord.checkpointNote, let details) = record.event { return details }
        }
        return nil
    }

    /// The newest fencing number that the run has asked its host for.
    var fence: Int? {
        for record in records.reversed() {
            if case .note(StackRecord.leaseNote, let details) = record.event {
                return details["fence"]?.intValue
            }
        }
        return nil
    }
}
