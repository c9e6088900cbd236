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
    ///   - known: what a script was told when it asked.
    /// - Throws: `Diagnostic` only when the user ends it; what cannot be asked is unknown.
    public static func complete(
        _ facts: inout LiveFacts,
        for plan: Plan,
        over host: any Host,
        knowing known: [RegistryImage] = []
    ) throws {
        guard facts.host != nil else { return }
        var wanted: [ImageReference] = []
        for (_, image) in plan.pulledImages where !wanted.contains(image) { wanted.append(image) }
        let answers = (facts.host?.registry ?? []) + known
        // In the plan's order, whoever asked first.
        facts.host?.registry = wanted.compactMap { image in
            answers.first { $0.reference == image }
        }
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
