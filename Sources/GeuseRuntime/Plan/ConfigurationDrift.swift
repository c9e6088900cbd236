/// A service that a plan starts with another configuration than the one that runs, its image aside.
///
/// Compose makes a container anew when its configuration changed since it was made: a mount that was moved
/// by hand, or a variable that the operator's shell had and the host does not, comes into force at the first
/// restart, whatever that was for.
public struct ConfigurationDrift: Sendable, Equatable {
    /// The service.
    public let service: ServiceName
    /// What differs, as names: `environment NAME`, `mount PATH`, `command` and so on.
    public let fields: [String]

    /// The services whose configuration a plan would let change, in the order of the file.
    ///
    /// A step that sets a service's image says nothing of the rest, so that those count as well.
    ///
    /// - Parameters:
    ///   - steps: the plan's steps.
    ///   - host: what is there, before any of them.
    /// - Returns: the drifts.
    static func all(_ steps: [PlanStep], _ host: HostFacts) -> [ConfigurationDrift] {
        guard host.services.contains(where: { !$0.differences.isEmpty }) else { return [] }
        let started = StartedServices(steps, host).names
        return host.services.filter { started.contains($0.name) }.compactMap { .init($0) }
    }

    /// The drift of a service; nil where its container is what the file says.
    private init?(_ facts: ServiceFacts) {
        guard !facts.differences.isEmpty else { return nil }
        service = facts.name
        fields = facts.differences
    }

    /// The drift as a row of the plan.
    var change: PlanChange {
        PlanChange(
            subject: "\(service) configuration",
            current: "as the container was made",
            new: "as the file says: " + sentence
        )
    }

    /// The names with commas between them, the first ten of them.
    var sentence: String {
        let names = fields.prefix(10).map { VisibleText.filtered($0) }.joined(separator: ", ")
        return fields.count > 10 ? "\(names) and \(fields.count - 10) more" : names
    }

    /// The drift as data.
    var json: JSONValue {
        ["service": .string(service.text), "fields": .array(fields.map(JSONValue.string))]
    }

    /// Reads the data form; nil where it is none.
    init?(json: JSONValue) {
        guard let service = json["service"]?.stringValue.flatMap({ try? ServiceName($0) }),
            let fields = json["fields"]?.arrayValue?.compactMap(\.stringValue)
        else { return nil }
        self.service = service
        self.fields = fields
    }
}
