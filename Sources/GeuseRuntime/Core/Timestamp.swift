/// A moment in UTC with microseconds, written as Python's models write it.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int64

    /// A moment from microseconds since the epoch.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// Seconds since the epoch, with fraction.
    public var seconds: Double { Double(microseconds) / 1_000_000 }

    /// `2026-11-23T11:09:23.490036Z`; without a fraction where it is zero, as pydantic writes it.
    public var text: String {
        let whole = Int(floorDivide(microseconds, 1_000_000))
        let fraction = Int((microseconds % 1_000_000 + 1_000_000) % 1_000_000)
        let days = Int(floorDivide(Int64(whole), 86400))
        let second = whole - days * 86400
        let (year, month, day) = CivilDate.fromDays(days)
        let date = pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2)
        let time =
            pad(second / 3600, 2) + ":" + pad(second / 60 % 60, 2) + ":" + pad(second % 60, 2)
        return date + "T" + time + (fraction == 0 ? "" : "." + pad(fraction, 6)) + "Z"
    }

    /// `20261123T110923Z`, the form SigV4 signs (ISO 8601 basic).
    public var basic: String { String(text.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z" }

    /// The text form.
    public var description: String { text }

    /// Reads an RFC 3339 time with `Z` or an offset; nil for anything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy(Grammar.isDigit) else {
                return nil
            }
            return Int(String(decoding: bytes[range], as: UTF8.self))
        }
        guard bytes.count >= 19, let year = number(0..<4), let month = number(5..<7),
            let day = number(8..<10), let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19), bytes[4] == 0x2D, bytes[7] == 0x2D,
            [0x54, 0x74, 0x20].contains(bytes[10]), bytes[13] == 0x3A, bytes[16] == 0x3A,
            CivilDate.isDate(year, month, day), hour < 24, minute < 60, second < 61
        else { return nil }
        var index = 19
        var fraction = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            let digits = bytes[(index + 1)...].prefix { Grammar.isDigit($0) }
            guard !digits.isEmpty else { return nil }
            let six = String(decoding: digits.prefix(6), as: UTF8.self)
            fraction = (Int(six) ?? 0) * [1, 100_000, 10_000, 1000, 100, 10, 1][six.utf8.count]
            index += 1 + digits.count
        }
        let zone = String(decoding: bytes[index...], as: UTF8.self)
        var offset = 0
        if zone != "Z" && zone != "z" {
            guard zone.utf8.count == 6, let sign = zone.first, sign == "+" || sign == "-",
                let hours = number(index + 1..<index + 3), bytes[index + 3] == 0x3A,
                let minutes = number(index + 4..<index + 6), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
        }
        let days = CivilDate.toDays(year, month, day)
        let seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset
        microseconds = Int64(seconds) * 1_000_000 + Int64(fraction)
    }

    /// The moment so many seconds later; one that cannot be counted stays at the end of time.
    public func adding(seconds: Double) -> Timestamp {
        guard !seconds.isNaN else { return self }
        let limit = 4e12  // seconds, more than 100,000 years: far inside Int64 microseconds
        let step = Int64(max(-limit, min(limit, seconds)) * 1_000_000)
        let (sum, overflow) = microseconds.addingReportingOverflow(step)
        return Timestamp(microseconds: overflow ? (step < 0 ? .min : .max) : sum)
    }

    /// Earlier is smaller.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}

/// Days since the epoch and the civil calendar (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms").
enum CivilDate {
    /// Whether there is such a day; 31 February is none.
    static func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        guard (1...12).contains(month), (1...31).contains(day) else { return false }
        return fromDays(toDays(year, month, day)) == (year, month, day)
    }

    static func fromDays(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    static func toDays(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

private func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
    value >= 0 ? value / by : (value + 1) / by - 1
}

private func pad(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
