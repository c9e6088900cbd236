/// Putting a service's data back from a dump, complete before anything is touched.
public struct DataRestore: Sendable, Equatable {
    /// The service that was asked for: the one whose data it is, or the one that uses it.
    public let service: ServiceName
    /// The backup whose dumps are put back.
    public let backup: String
    /// The dumps.
    public let dumps: [SavedDump]
    /// The services that are stopped meanwhile.
    public let stops: [ServiceName]

    /// The service whose data it is.
    public var data: ServiceName { dumps.first?.service ?? service }

    /// Finds what a restore takes.
    ///
    /// - Parameters:
    ///   - service: what was asked for.
    ///   - earlier: the configuration that the backup holds.
    ///   - host: what is there.
    /// - Throws: `Diagnostic` of kind refused when it can't be done.
    init(_ service: ServiceName, _ earlier: EarlierState, _ host: HostFacts) throws {
        let backup = earlier.backup ?? "latest"
        let all = earlier.evidence?.dumps ?? []
        let own = all.filter { $0.service == service || $0.cause == service }
        guard let first = own.first(where: { $0.kind != .roles }) else {
            let known = Set(all.flatMap { [$0.service.text, $0.cause.text] }).sorted()
            throw Self.refusal(
                "no_dump",
                "The backup \(backup) has no dump of \(service)'s data.",
                known.isEmpty
                    ? "Dumps are taken before the image of a database, of n8n or of Qdrant changes."
                    : "It has dumps for: " + known.joined(separator: ", ") + "."
            )
        }
        guard first.kind != .qdrant else {
            throw Self.refusal(
                "restore_by_hand",
                "Snapshots of Qdrant are not put back by the program.",
                "They lie on the host: " + own.map(\.path).joined(separator: ", ") + ". "
                    + "docs/DATA.md has the commands."
            )
        }
        guard let facts = host.stateful(first.service), facts.isRunning || first.kind == .sqlite
        else {
            throw Self.refusal(
                "restore_impossible",
                "\(first.service) does not run; its data can only be put back through it.",
                nil
            )
        }
        if first.kind == .postgres, let then = earlier.evidence?.versions[first.service.text],
            let now = facts.dataVersion, let old = ProgramVersion(now),
            let new = ProgramVersion(then), old < new
        {
            throw Self.refusal(
                "restore_impossible",
                "The dump is of PostgreSQL \(then), and \(first.service) is \(now) now.",
                "An older server does not read the dump of a newer one."
            )
        }
        self.service = service
        self.backup = backup
        let found = own.filter { $0.service == first.service }
        // What is in a database belongs to roles, so they come first.
        dumps = found.filter { $0.kind == .roles } + found.filter { $0.kind != .roles }
        let users = host.stateful.filter {
            $0.kind == .n8n && ($0.database == first.service.text || $0.service == first.service)
        }
        stops = users.map(\.service)
    }

    private static func refusal(_ code: String, _ summary: String, _ detail: String?) -> Diagnostic
    {
        Diagnostic(
            code,
            summary,
            detail: [detail, "Nothing was touched."].compactMap { $0 }.joined(separator: " "),
            kind: .refused
        )
    }

    /// What it does, in a few words.
    var title: String {
        let names = dumps.filter { $0.kind != .roles }.map { VisibleText.filtered($0.name) }
            .joined(separator: ", ")
        return "put back the data of \(data) (\(names)) from the backup \(backup)"
    }

    /// What it does to the world, step by step.
    var actions: [String] {
        let stopped = stops.map(\.text).joined(separator: ", ")
        return (stops.isEmpty ? [] : ["host: stop \(stopped)"]) + [
            "host: check the dump, restore it beside the present data, put the present data aside",
            "host: prove EFS, compose up, wait for health",
        ]
    }

    /// The restore as data.
    var json: JSONValue {
        [
            "service": .string(service.text), "backup": .string(backup),
            "dumps": .array(dumps.map(\.json)),
            "stops": .array(stops.map { .string($0.text) }),
        ]
    }

    /// Reads the data form; nil where it is none.
    init?(json: JSONValue) {
        guard let service = json["service"]?.stringValue.flatMap({ try? ServiceName($0) }),
            let backup = json["backup"]?.stringValue, let rows = json["dumps"]?.arrayValue,
            let stops = json["stops"]?.arrayValue
        else { return nil }
        dumps = rows.compactMap(SavedDump.init(json:))
        self.stops = stops.compactMap { $0.stringValue.flatMap { try? ServiceName($0) } }
        guard !dumps.isEmpty, dumps.count == rows.count, self.stops.count == stops.count else {
            return nil
        }
        self.service = service
        self.backup = backup
    }
}
