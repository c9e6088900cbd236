/// What a changing run came to, with the fields of GeuseMaker's own update result.
public struct UpdateResult: Sendable, Equatable {
    /// Whether everything asked for was done and seen.
    public var success: Bool
    /// The changes, in GeuseMaker's wording: `instance_type:T` and `SERVICE -> IMAGE`.
    public var changesApplied: [String]
    /// The state before.
    public var previousState: JSONValue
    /// The state after.
    public var newState: JSONValue
    /// Seconds from the first effect to the last.
    public var durationSeconds: Double
    /// Seconds during which at least one service was down.
    public var downtimeSeconds: Double
    /// What the user should know.
    public var warnings: [String]
    /// The services' data around an interruption; nil where nothing was stopped.
    public var data: DataFacts?
    /// The run.
    public var run: RunID?
    /// Path of the backup taken before the first change.
    public var backup: String?
    /// The public address before and after, where it is another one or gone.
    public var address: AddressChange?

    /// Makes a result.
    public init(
        success: Bool,
        changesApplied: [String] = [],
        previousState: JSONValue,
        newState: JSONValue,
        durationSeconds: Double = 0,
        downtimeSeconds: Double = 0,
        warnings: [String] = [],
        data: DataFacts? = nil,
        run: RunID? = nil,
        backup: String? = nil
    ) {
        self.success = success
        self.changesApplied = changesApplied
        self.previousState = previousState
        self.newState = newState
        self.durationSeconds = durationSeconds
        self.downtimeSeconds = downtimeSeconds
        self.warnings = warnings
        self.data = data
        self.run = run
        self.backup = backup
    }

    /// The result as data.
    public var json: JSONValue {
        [
            "success": .bool(success),
            "changes_applied": .array(changesApplied.map(JSONValue.string)),
            "previous_state": previousState,
            "new_state": newState,
            "duration_seconds": .double(rounded(durationSeconds)),
            "warnings": .array(warnings.map(JSONValue.string)),
            "downtime_seconds": .double(rounded(downtimeSeconds)),
            "data": data?.json ?? .null,
            "run": run.map { .string($0.text) } ?? .null,
            "backup": backup.map(JSONValue.string) ?? .null,
            "public_ip": address?.json ?? .null,
        ]
    }

    private func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}

/// A public address that is not what it was.
public struct AddressChange: Sendable, Equatable {
    /// The one before; nil for none.
    public let before: String?
    /// The one now; nil for none.
    public let after: String?

    /// The change; nil where there is none.
    public init?(from before: String?, to after: String?) {
        guard before != after else { return nil }
        self.before = before
        self.after = after
    }

    /// It in words, such as `203.0.113.1 -> 203.0.113.2`.
    public var text: String { "\(before ?? "none") -> \(after ?? "none")" }

    var json: JSONValue {
        [
            "before": before.map(JSONValue.string) ?? .null,
            "after": after.map(JSONValue.string) ?? .null,
        ]
    }
}
