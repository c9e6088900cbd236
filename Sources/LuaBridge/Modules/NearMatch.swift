/// Finds the name that a misspelt one was meant to be.
public enum NearMatch {
    /// The candidate with the fewest letters to change, add, remove or swap, if they are few enough.
    public static func of(_ name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= 40 else { return nil }
        let most = name.utf8.count / 3 + 1
        let ranked = candidates.filter { $0.utf8.count <= 40 }.map {
            (distance: distance(Array(name.utf8), Array($0.utf8)), name: $0)
        }
        return ranked.filter { $0.distance <= most }.min { $0.distance < $1.distance }?.name
    }

    /// The optimal string alignment distance.
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
