import Yams

/// Whether two readings of a compose file differ in named image scalars only.
struct TreeComparison {
    /// The image text that the second reading has to have, by service.
    let values: [ServiceName: String]

    /// Compares two values that stand at the same path.
    ///
    /// - Parameters:
    ///   - old: the first reading.
    ///   - new: the second reading.
    ///   - path: the keys that lead to both.
    ///   - hidden: keys written beside the merge that led here, which override what it brings.
    /// - Returns: whether they are the same but for the named images.
    func isSame(_ old: Node, _ new: Node, path: [String], hiding hidden: Set<String> = []) -> Bool {
        if path.count == 3, path[0] == "services", path[2] == "image",
            let value = ServiceName.accepts(path[1])
                ? values[ServiceName(unchecked: path[1])] : nil
        {
            return new.scalar?.string == value
        }
        switch (old, new) {
        case (.scalar(let old), .scalar(let new)):
            return old.string == new.string && old.tag == new.tag
        case (.sequence(let old), .sequence(let new)):
            return old.count == new.count && old.tag == new.tag
                && zip(old, new).allSatisfy {
                    isSame($0, $1, path: path + ["-"], hiding: hidden)
                }
        case (.mapping(let old), .mapping(let new)):
            return old.count == new.count && old.tag == new.tag
                && areSame(old, new, path: path, hiding: hidden)
        default: return false
        }
    }

    private func areSame(
        _ old: Node.Mapping,
        _ new: Node.Mapping,
        path: [String],
        hiding hidden: Set<String>
    ) -> Bool {
        let own = Set(old.compactMap { $0.key.scalar?.string })
        return zip(old, new).allSatisfy { old, new in
            let name = old.key.scalar?.string ?? "?"
            guard isSame(old.key, new.key, path: path + ["?"]) else { return false }
            if name == "<<" {
                return isSame(
                    old.value,
                    new.value,
                    path: path + ["<<"],
                    hiding: hidden.union(own)
                )
            }
            return hidden.contains(name)
                || isSame(old.value, new.value, path: path + [name])
        }
    }
}
