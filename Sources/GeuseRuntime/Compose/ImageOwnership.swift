import Yams

extension ComposeDocument {
    /// The image scalar that a service writes itself and shares with nothing.
    func ownImage(of name: ServiceName) throws -> Node.Scalar {
        guard let service = node(of: name) else {
            throw ComposeRefusal.unknown(name, known: services.map(\.name))
        }
        guard let mapping = service.mapping else { throw ComposeRefusal.noImage(name) }
        guard let image = mapping.member("image") else {
            if mapping.member("<<") != nil || mapping.member("extends") != nil {
                throw ComposeRefusal.inherited(name)
            }
            throw mapping.member("build") != nil
                ? ComposeRefusal.built(name) : ComposeRefusal.noImage(name)
        }
        guard let scalar = image.scalar, let mark = scalar.mark else {
            throw ComposeRefusal.layout(name)
        }
        var uses = ScalarUses(line: mark.line, column: mark.column)
        uses.count(root)
        guard uses.count == 1 else { throw ComposeRefusal.shared(name) }
        return scalar
    }
}

/// Counts how often one scalar of the file takes effect, aliases and merge keys followed.
private struct ScalarUses {
    let line: Int
    let column: Int
    private(set) var count = 0

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// - Parameters:
    ///   - node: where to look.
    ///   - hidden: keys that are written beside the merge that led here, and so override it.
    mutating func count(_ node: Node, hiding hidden: Set<String> = []) {
        switch node {
        case .scalar(let scalar):
            if let mark = scalar.mark, mark.line == line, mark.column == column { count += 1 }
        case .sequence(let sequence):
            for value in sequence { count(value, hiding: hidden) }
        case .mapping(let mapping):
            let own = Set(mapping.compactMap { $0.key.scalar?.string })
            for (key, value) in mapping {
                let name = key.scalar?.string ?? ""
                if name == "<<" {
                    count(value, hiding: hidden.union(own))
                } else if !hidden.contains(name) {
                    count(value)
                }
            }
        case .alias: break
        }
    }
}
