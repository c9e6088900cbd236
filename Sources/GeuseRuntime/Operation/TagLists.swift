/// The tags that registries list, each question asked once in a run.
///
/// The rehearsal and the real run of a script share it, so that both see the same tags.
public final class TagLists {
    /// Each question is one to a registry, and registries count.
    private static let limit = 50

    private let host: any Host
    private var known: [String: Result<[String], Diagnostic>] = [:]

    /// Lists over a host; nothing is asked yet.
    public init(_ host: any Host) { self.host = host }

    /// The tags of an image's repository that begin with a text, sorted by their bytes.
    ///
    /// - Throws: `Diagnostic` of `Host.tags`; asked again, the same.
    func tags(of image: ImageReference, beginningWith prefix: String) throws -> [String] {
        let question = image.repository + " " + prefix
        if let answer = known[question] { return try answer.get() }
        guard known.count < Self.limit else {
            throw Diagnostic(
                "too_many_questions",
                "A run asks registries for at most \(Self.limit) lists of tags."
            )
        }
        let answer: Result<[String], Diagnostic>
        do {
            answer = .success(try host.tags(of: image, beginningWith: prefix))
        } catch let error as Diagnostic where error.kind != .interrupted {
            answer = .failure(error)
        }
        known[question] = answer
        return try answer.get()
    }

    /// The tags of the repository that a service's image is from.
    static func tags(
        of service: ServiceFacts,
        beginningWith prefix: String,
        in lists: TagLists
    ) throws -> JSONValue {
        let tags = try lists.tags(
            of: ImageReference(service.configuredImage),
            beginningWith: prefix
        )
        return .array(tags.map(JSONValue.string))
    }
}

extension Rehearsal {
    /// The tags of the repository that a service's image is from.
    public func tags(_ service: ServiceName, beginningWith prefix: String) throws -> JSONValue {
        try TagLists.tags(of: known(service), beginningWith: prefix, in: tagLists)
    }
}

extension Session {
    /// The tags of the repository that a service's image is from, as the rehearsal saw them.
    public func tags(_ service: ServiceName, beginningWith prefix: String) throws -> JSONValue {
        guard let found = facts.host?.service(service) else {
            throw Diagnostic("unknown_service", "There is no service called \(service).")
        }
        return try TagLists.tags(of: found, beginningWith: prefix, in: tagLists)
    }
}
