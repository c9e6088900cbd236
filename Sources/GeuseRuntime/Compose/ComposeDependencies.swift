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

    /// Whether a service may need others that `depends_on` does not name here (Compose Specification,
    /// "links", "volumes_from", "network_mode", "ipc", "pid", "extends"; a merge key brings anything).
    func mayNeedOthers(_ service: ServiceName) -> Bool {
        guard let members = node(of: service)?.mapping else { return false }
        let borrowed = ["<<", "extends", "links", "volumes_from"]
        let shared = ["network_mode", "ipc", "pid"]
        return borrowed.contains { members.member($0) != nil }
            || shared.contains {
                members.member($0)?.scalar?.string.hasPrefix("service:") == true
            }
    }
}
