/// What registries say of the images of a plan, as a part of the facts.
///
/// What a command line names is asked for with the first look at the host; only what a script came by
/// otherwise takes a command of its own.
public enum ImageLookups {
    /// Asks for the images that a plan pulls and nobody asked for yet, and drops those that it does not pull.
    ///
    /// - Parameters:
    ///   - facts: what is there; the answers are added.
    ///   - plan: the plan.
    ///   - host: where from.
    /// - Throws: `Diagnostic` only when the user ends it; what cannot be asked is unknown.
    public static func complete(
        _ facts: inout LiveFacts,
        for plan: Plan,
        over host: any Host
    ) throws {
        guard facts.host != nil else { return }
        var wanted: [ImageReference] = []
        for (_, image) in plan.pulledImages where !wanted.contains(image) { wanted.append(image) }
        facts.host?.registry.removeAll { !wanted.contains($0.reference) }
        let open = wanted.filter { facts.host?.registry($0) == nil }
        guard !open.isEmpty else { return }
        do {
            facts.host?.registry += try host.lookUp(open)
        } catch let error as Diagnostic where error.kind != .interrupted {
            let why = "\(error.summary) [\(error.code)]"
            facts.host?.registry += open.map { RegistryImage(reference: $0, answer: .unknown(why)) }
        }
    }
}
