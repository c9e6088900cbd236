/// Finds what somebody probably meant who mistyped a name.
public enum NearNames {
    /// Up to three of the known names that are close to a text, the closest first.
    public static func of(_ text: String, among known: [String]) -> [String] {
        let wanted = Array(text.lowercased().utf8.prefix(128))
        let allowed = max(1, wanted.count / 4)
        let scored = known.compactMap { name -> (distance: Int, name: String)? in
            let candidate = Array(name.lowercased().utf8.prefix(128))
            let isPart = wanted.count >= 3 && candidate.starts(with: wanted)
            let distance = distance(wanted, candidate)
            return distance <= allowed || isPart ? (distance, name) : nil
        }
        return scored.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3)
            .map(\.name)
    }

    /// The Levenshtein distance: insertions, deletions and replacements of bytes.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let cost = byte == other ? diagonal : diagonal + 1
                diagonal = row[j + 1]
                row[j + 1] = min(cost, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
