/// The date of HTTP headers, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The moment; nil for anything but the preferred form.
    static func parse(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT",
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        func two(_ text: Substring) -> String { text.count < 2 ? "0" + text : String(text) }
        return Timestamp("\(parts[3])-\(two("\(month + 1)"))-\(two(parts[1]))T\(parts[4])Z")
    }
}
