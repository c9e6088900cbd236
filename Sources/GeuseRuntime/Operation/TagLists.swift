/// What registries told when a script asked: the tags that they list and the images that they have, each
/// question asked once in a run.
///
/// The rehearsal and the real run of a script share it, so that both are told the same.
public final class TagLists {
    /// Each question is one to a registry, and registries count.
    private static let limit = (lists: 50, images: 100)

    private let host: any Host
    private var known: [String: Result<[String], Diagnostic>] = [:]
    private var looked: [ImageReference: Result<RegistryImage, Diagnostic>] = [:]

    /// Lists over a host; nothing is asked yet.
    public init(_ host: any Host) { self.host = host }

    /// The images that a registry was asked for and said something certain of.
    public var images: [RegistryImage] {
        looked.values.compactMap { try? $0.get() }
            .filter { if case .unknown = $0.answer { false } else { true } }
    }

    /// The tags of an image's repository that begin with a text, sorted by their bytes.
    ///
    /// - Throws: `Diagnostic` of `Host.tags`; asked again, the same.
    func tags(of image: ImageReference, beginningWith prefix: String) throws -> [String] {
        let question = image.repository + " " + prefix
        if let answer = known[question] { return try answer.get() }
        try Self.refuse(known.count, "lists of tags", from: Self.limit.lists)
        let answer = try Self.answer { try host.tags(of: image, beginningWith: prefix) }
        known[question] = answer
        return try answer.get()
    }

    /// What a pull of an image would find.
    ///
    /// - Throws: `Diagnostic` of `Host.lookUp`; asked again, the same.
    func image(_ reference: ImageReference) throws -> RegistryImage {
        if let answer = looked[reference] { return try answer.get() }
        try Self.refuse(looked.count, "images", from: Self.limit.images)
        let answer = try Self.answer {
            try host.lookUp([reference]).first { $0.reference == reference }
                ?? RegistryImage(
                    reference: reference,
                    answer: .unknown("The host has nothing to say of it.")
                )
        }
        looked[reference] = answer
        return try answer.get()
    }

    private static func refuse(_ asked: Int, _ what: String, from limit: Int) throws {
        guard asked >= limit else { return }
        throw Diagnostic(
            "too_many_questions",
            "A run asks registries for at most \(limit) \(what)."
        )
    }

    /// What a question came to; an end that the user asked for is no answer.
    private static func answer<Value>(_ ask: () throws -> Value) throws -> Result<Value, Diagnostic>
    {
        do {
            return .success(try ask())
        } catch let error as Diagnostic where error.kind != .interrupted {
            return .failure(error)
        }
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

    /// What a pull of an image for a service would find.
    public func image(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue {
        _ = try known(service)
        return ImageAnswer(try tagLists.image(image), on: try look().host).json
    }
}

extension Session {
    /// The tags of the repository that a service's image is from, as the rehearsal saw them.
    public func tags(_ service: ServiceName, beginningWith prefix: String) throws -> JSONValue {
        try TagLists.tags(of: known(service), beginningWith: prefix, in: tagLists)
    }

    /// What a pull of an image for a service would find, as the rehearsal was told.
    public func image(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue {
        _ = try known(service)
        return ImageAnswer(try tagLists.image(image), on: facts.host).json
    }

    private func known(_ service: ServiceName) throws -> ServiceFacts {
        guard let found = facts.host?.service(service) else {
            throw Diagnostic("unknown_service", "There is no service called \(service).")
        }
        return found
    }
}
