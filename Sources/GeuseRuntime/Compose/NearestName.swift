/// The name that was probably meant.
enum NearestName {
    /// The closest of some names by optimal string alignment, if it is close enough to be a slip.
    static func of(_ name: String, among names: [String]) -> String? {
        let limit = max(1, name.utf8.count / 3)
        let ranked = names.map { (name: $0, distance: distance(name, $0)) }
        return ranked.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .flatMap { $0.distance <= limit ? $0.name : nil }
    }

    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().utf8)
        let right = Array(right.lowercased().utf8)
        var rows = [Array(0...right.count)]
        for (i, byte) in left.enumerated() {
            var row = [i + 1]
            for (j, other) in right.enumerated() {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (byte == other ? 0 : 1))
                if i > 0, j > 0, byte == right[j - 1], left[i - 1] == other {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
