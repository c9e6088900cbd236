/// EC2's own checks of an instance (EC2 User Guide, "Status checks for Amazon EC2 instances").
public struct StatusChecks: Sendable, Equatable {
    /// Of the machine under it: `ok`, `impaired`, `initializing`, `insufficient-data`.
    public var system: String
    /// Of the operating system and its network.
    public var instance: String
    /// Of the EBS volumes; nil for a type without that check.
    public var volumes: String?

    /// Makes the value.
    public init(system: String, instance: String, volumes: String? = nil) {
        self.system = system
        self.instance = instance
        self.volumes = volumes
    }

    /// Whether every check there is was passed.
    public var arePassed: Bool {
        [system, instance, volumes ?? "ok"].allSatisfy { $0 == "ok" || $0 == "not-applicable" }
    }
}

extension StatusChecks: CustomStringConvertible {
    /// All of them in one line.
    public var description: String {
        let shown =
            [("system", system), ("instance", instance)] + (volumes.map { [("EBS", $0)] } ?? [])
        return shown.map { "\($0) \(VisibleText.filtered($1))" }.joined(separator: ", ")
    }
}
