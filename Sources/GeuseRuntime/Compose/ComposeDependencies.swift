import Yams

extension ComposeDocument {
    /// The services that a service names in `depends_on`, in the short form or the long one.
    func dependencies(of service: ServiceName) -> [ServiceName] {
        let node = node(of: service)?.mapping?.member("depends_on")
        let words =
            node?.sequence?.compactMap(\.scalar?.string)
            ?? node?.mapping?.compactMap { $0.key.scalar?.string } ?? []
        return words.filter { ServiceName.accepts($0) }.map { ServiceName(unchecked: $0) }
    }
}
