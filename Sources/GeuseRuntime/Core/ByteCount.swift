/// A number of bytes as a person reads it.
public enum ByteCount {
    /// In units of 1,000, as `df -H` and AWS count: `812 bytes`, `1.2 GB`.
    public static func text(_ bytes: Int) -> String {
        let units = ["kB", "MB", "GB", "TB", "PB"]
        guard bytes >= 1000 else { return "\(bytes) bytes" }
        var value = Double(bytes)
        var unit = ""
        for next in units where value >= 999.5 {
            value /= 1000
            unit = next
        }
        let shown = value < 9.95 ? (value * 10).rounded() / 10 : value.rounded()
        return (shown == shown.rounded() ? String(Int(shown)) : String(shown)) + " " + unit
    }
}
