/// The live facts that a plan was made from, each under a name that a person reads.
public struct PlanFingerprint: Sendable, Equatable {
    private let facts: [(name: String, value: String)]
    /// The facts that are known without a look at the host.
    private static let ofTheCloud = [
        "instance", "instance type", "instance state", "zone", fileSystem, fileSystemState, address,
    ]
    private static let composeFile = "compose file"
    /// How the names of what a registry said end.
    private static let atRegistry = " at its registry"
    private static let fileSystem = "file system"
    private static let fileSystemState = "file system state"
    private static let resolved = "SHA-256 of what compose makes of all files and variables"
    private static let address = "public address kept"

    /// The facts that a plan hangs on.
    ///
    /// - Parameters:
    ///   - live: what is there.
    ///   - plan: the plan; one that stops the instance hangs on what becomes of its public address.
    public init(_ live: LiveFacts, _ plan: Plan? = nil) {
        var facts = [
            ("instance", live.instance.id.text),
            ("instance type", live.instance.type),
            ("instance state", live.instance.state.rawValue),
            ("zone", live.instance.zone),
        ]
        // What was not answered is not the same as none.
        if live.fileSystemError == nil {
            facts += [
                (Self.fileSystem, live.fileSystem?.id.text ?? "none"),
                (Self.fileSystemState, live.fileSystem?.lifeCycleState ?? "none"),
            ]
        }
        if let plan, plan.steps.contains(where: \.stopsInstance) {
            let kept = plan.changesAddress ? "no" : "yes"
            facts.append((Self.address, live.instance.publicIP == nil ? "there is none" : kept))
        }
        if let host = live.host {
            facts += [
                (Self.composeFile, host.project.file),
                ("compose file's SHA-256", host.project.sha256),
                ("mount", host.storage.source ?? "none"),
            ]
            if let sha256 = host.project.resolvedSHA256 { facts.append((Self.resolved, sha256)) }
            for file in host.project.overrides {
                facts.append(("SHA-256 of the compose file \(file.path)", file.sha256))
            }
            for service in host.services {
                facts.append(("\(service.name) image", service.configuredImage))
                facts.append(("\(service.name) image id", service.imageID ?? "none"))
            }
            for image in host.registry {
                if let content = image.content {
                    facts.append((image.reference.text + Self.atRegistry, content))
                }
            }
        }
        self.facts = facts
    }

    private init() { facts = [] }

    /// That of a plan for which nothing was looked at.
    static let nothing = PlanFingerprint()

    /// Reads the data form; nil when it is none.
    init?(json: JSONValue?) {
        guard let object = json?.objectValue else { return nil }
        var facts: [(String, String)] = []
        for (name, value) in object.members {
            guard let text = value.stringValue else { return nil }
            facts.append((name, text))
        }
        self.facts = facts
    }

    /// The facts as data.
    var json: JSONValue {
        .object(JSONObject(facts.map { ($0.name, JSONValue.string($0.value)) }))
    }

    /// What is not as it was, one line each.
    ///
    /// - Parameter earlier: the facts of the moment at which the plan was made.
    /// - Returns: lines such as `instance type: was t3.medium, is t3.large`.
    public func differences(from earlier: PlanFingerprint) -> [String] {
        let before = Dictionary(
            earlier.facts.map { ($0.name, $0.value) },
            uniquingKeysWith: { $1 }
        )
        let now = Dictionary(facts.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let moved = facts.filter { before[$0.name] != $0.value && counts($0.name, in: before) }
            .map { "\($0.name): was \(before[$0.name] ?? "not there"), is \($0.value)" }
        let gone = earlier.facts.filter { now[$0.name] == nil && counts($0.name, in: now) }
            .map { "\($0.name): was \($0.value), is not there" }
        return moved + gone
    }

    /// Some facts only count where they are known at both times.
    ///
    /// A registry or a service that does not answer is no reason to refuse, and earlier versions did not ask
    /// for all of them. Of a host that was not seen nothing is known.
    private func counts(_ name: String, in other: [String: String]) -> Bool {
        guard other[Self.composeFile] != nil || Self.ofTheCloud.contains(name) else { return false }
        let mayBeUnknown =
            [Self.fileSystem, Self.fileSystemState, Self.address, Self.resolved].contains(name)
            || name.hasSuffix(Self.atRegistry)
        return !mayBeUnknown || other[name] != nil
    }

    /// The same facts in the same order.
    public static func == (left: Self, right: Self) -> Bool { left.json == right.json }
}
