/// Finds what somebody probably meant who mistyped a name.
public enum NearNames {
    /// Up to three of the known names that are close to a text, the closest first.
    public static func of(_ text: String, among known: [String]) -> [String] {
        let wanted = bytes(text)
        let allowed = max(1, wanted.count / 3)
        let scored = known.compactMap { name -> (distance: Int, name: String)? in
            let candidate = bytes(name)
            let isPart = wanted.count >= 3 && candidate.starts(with: wanted)
            let distance = distance(wanted, candidate)
            return distance <= allowed || isPart ? (distance, name) : nil
        }
        return scored.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3)
            .map(\.name)
    }

    /// The closest name, if one is close enough to be a slip.
    public static func closest(to text: String, among known: [String]) -> String? {
        of(text, among: known).first
    }

    /// Case is a slip too; a very long text is none of a name.
    private static func bytes(_ text: String) -> [UInt8] {
        // Cut first: what a script gives may be megabytes.
        Array(String(decoding: text.utf8.prefix(64), as: UTF8.self).lowercased().utf8.prefix(64))
    }

    /// The optimal string alignment distance: insertions, deletions, replacements and swaps of
    /// neighbours (Boytsov, "Indexing methods for approximate dictionary searching", 2011).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                let replaced = last[j] + (left[i] == right[j] ? 0 : 1)
                var cost = min(last[j + 1] + 1, row[j] + 1, replaced)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
