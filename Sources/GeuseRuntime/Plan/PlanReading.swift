// A plan as the journal keeps it, read back for a run that goes on after a kill.

extension Plan {
    /// The plan that a run's journal begins with.
    ///
    /// - Parameters:
    ///   - reading: the journal.
    ///   - stack: the stack that the plan is for.
    /// - Throws: `Diagnostic` with code `plan_unreadable`.
    public init(journaled reading: JournalReading, of stack: StackName) throws {
        let json = reading.start?.plan ?? JSONObject()
        guard let steps = json["steps"]?.arrayValue else {
            throw Self.unreadable("It has no steps.")
        }
        self.init(stack: stack, steps: try steps.map(PlanStep.init(json:)))
        warnings = json["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        changesAddress = json["address_changes"]?.boolValue ?? false
        reservesCapacity = json["reserves_capacity"]?.boolValue ?? false
        dumps = json["dumps"]?.arrayValue?.compactMap(DataDump.init(json:)) ?? []
        drifted = json["drifted"]?.arrayValue?.compactMap(ImageDrift.init(json:)) ?? []
        reconfigured =
            json["reconfigured"]?.arrayValue?.compactMap(ConfigurationDrift.init(json:)) ?? []
        let downtime = json["expected_downtime_seconds"]?.doubleValue ?? 0
        expectedDowntime = (0...1e9).contains(downtime) ? downtime : 0
    }

    static func unreadable(_ detail: String) -> Diagnostic {
        Diagnostic(
            "plan_unreadable",
            "The plan in the journal cannot be read.",
            detail: detail,
            hint: "Undo the run instead: geusemaker recover NAME --abort",
            kind: .needsAttention
        )
    }
}

extension PlanStep {
    /// Whether this version knows steps called so.
    static func isKnown(_ word: String) -> Bool {
        [
            "backup", "pull", "open_window", "close_window", "resize", "set_image", "restore_data",
            "checkpoint", "rotate_credentials", "rollback",
        ].contains(word) || PlanOperation.words.contains(word)
    }

    /// Reads the data form.
    ///
    /// - Throws: `Diagnostic`; `plan_unreadable` for a step that this version does not know.
    init(json: JSONValue) throws {
        func text(_ name: String) throws -> String {
            guard let text = json[name]?.stringValue else {
                throw Plan.unreadable("A step has no \(name).")
            }
            return text
        }
        let word = try text("step")
        switch word {
        case "backup":
            self = .backup(label: try json["label"]?.stringValue.map { try BackupLabel($0) })
        case "pull":
            self = .pull(
                service: try ServiceName(text("service")),
                image: try ImageReference(text("image"))
            )
        case "open_window": self = .openWindow(name: try text("name"))
        case "close_window": self = .closeWindow(name: try text("name"))
        case "resize":
            let fallback = json["fallback"]?.arrayValue?.compactMap(\.stringValue) ?? []
            self = .resize(
                from: try text("from"),
                to: try InstanceType(text("to")),
                fallback: try fallback.map { try InstanceType($0) }
            )
        case "set_image":
            self = .setImage(
                service: try ServiceName(text("service")),
                from: try text("from"),
                to: try ImageReference(text("to"))
            )
        case "restore_data":
            guard let restore = json["from"].flatMap(DataRestore.init(json:)) else {
                throw Plan.unreadable("Its restore has no dumps.")
            }
            self = .restoreData(restore)
        case "checkpoint": self = .checkpoint(name: try text("name"))
        case "rotate_credentials":
            guard let target = json["credential"].flatMap(CredentialTarget.init(json:)) else {
                throw Plan.unreadable("Its rotation of credentials has no target.")
            }
            self = .rotateCredentials(target)
        case "rollback":
            guard let target = json["to"].flatMap(RollbackTarget.init(json:)) else {
                throw Plan.unreadable("Its rollback has no target.")
            }
            self = .rollback(target)
        default:
            if let operation = PlanOperation(json: json) {
                self = .operation(operation)
                return
            }
            guard !PlanOperation.words.contains(word) else {
                throw Plan.unreadable("Its step \(VisibleText.quoted(word)) lacks something.")
            }
            throw Plan.unreadable("It has a step called \(VisibleText.quoted(word)).")
        }
    }
}
