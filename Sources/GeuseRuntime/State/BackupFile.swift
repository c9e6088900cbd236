/// The name of a backup: `NAME[-LABEL]-YYYYMMDDTHHMMSSffffffZ[-N]`, as GeuseMaker names them.
struct BackupFile: Equatable {
    static let suffix = ".json.gz"

    /// The name of the file without its suffix.
    let id: String
    /// The label, if it has one.
    let label: String?
    /// The moment in the name.
    let time: Timestamp
    /// Which of several at one moment; 0 is the first.
    let number: Int

    /// The id of a new backup.
    init(_ name: StackName, _ label: BackupLabel?, _ time: Timestamp, number: Int) {
        let digits = Timestamp(microseconds: time.microseconds / 1_000_000 * 1_000_000).basic
        let fraction = String(time.microseconds % 1_000_000 + 1_000_000).dropFirst()
        let stamp = digits.dropLast() + fraction + "Z"
        id =
            name.text + (label.map { "-" + $0.text } ?? "") + "-" + stamp
            + (number == 0 ? "" : "-\(number)")
        self.label = label?.text
        self.time = time
        self.number = number
    }

    /// Reads the name of a file; nil when it is no backup of that stack.
    init?(file: String, _ name: StackName) {
        guard file.hasSuffix(Self.suffix), file.hasPrefix(name.text + "-") else { return nil }
        id = String(file.dropLast(Self.suffix.count))
        var parts = id.dropFirst(name.text.count + 1).split(
            separator: "-",
            omittingEmptySubsequences: false
        )
        guard var last = parts.popLast() else { return nil }
        var number = 0
        if Self.time(last) == nil, let count = Int(last), count > 0, let stamp = parts.popLast() {
            (number, last) = (count, stamp)
        }
        guard let time = Self.time(last) else { return nil }
        (self.time, self.number) = (time, number)
        label = parts.isEmpty ? nil : parts.joined(separator: "-")
    }

    /// Python's `%Y%m%dT%H%M%S%fZ`.
    private static func time(_ stamp: Substring) -> Timestamp? {
        let text = Array(stamp.utf8)
        guard text.count == 22, text[8] == UInt8(ascii: "T"), text[21] == UInt8(ascii: "Z") else {
            return nil
        }
        func part(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
        let date = "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"
        let clock = "\(part(9..<11)):\(part(11..<13)):\(part(13..<15))"
        return Timestamp("\(date)T\(clock).\(part(15..<21))Z")
    }
}
