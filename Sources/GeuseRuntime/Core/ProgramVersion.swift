/// A program's version as the tag of its image names it, such as 1.20.0, v1.7.4 or 15-alpine.
public struct ProgramVersion: Sendable, Equatable, Comparable, CustomStringConvertible {
    /// The numbers from the left; at least one.
    public let numbers: [Int]

    /// Reads a tag or a version; nil for a word that is none, such as `latest`.
    public init?(_ tag: String) {
        let text = tag.first == "v" ? tag.dropFirst() : tag[...]
        let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard !numbers.isEmpty, numbers.count == parts.count else { return nil }
        if let next = text.dropFirst(digits.count).first, !"-+_".contains(next) { return nil }
        self.numbers = numbers
    }

    /// The version that an image's tag names; nil where it names none.
    public init?(_ image: ImageReference) {
        guard let tag = image.tag else { return nil }
        self.init(tag)
    }

    /// The first number.
    public var major: Int { numbers[0] }
    /// The second number; nil when the tag names the major version alone.
    public var minor: Int? { numbers.count > 1 ? numbers[1] : nil }

    /// Digits and dots.
    public var description: String { numbers.map(String.init).joined(separator: ".") }

    /// Number by number; one that says less comes first.
    public static func < (left: Self, right: Self) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }

    /// Whether it is an earlier version, as far as both of them tell: 1.19 is whatever 1.19 is newest, and so
    /// not older than 1.19.0.
    public func isOlder(than other: Self) -> Bool {
        let common = min(numbers.count, other.numbers.count)
        return numbers.prefix(common).lexicographicallyPrecedes(other.numbers.prefix(common))
    }

    /// The last words of the names of repositories whose images are PostgreSQL's, extensions' included.
    static let postgresImages: Set<String> = [
        "postgres", "postgresql", "pgvector", "postgis", "timescaledb", "timescaledb-ha",
    ]

    /// PostgreSQL's major version in a tag: of 15.5 and 16-bookworm the first number, of pg16 and
    /// 0.8.0-pg16 (pgvector, TimescaleDB) the number behind pg; nil for any other.
    ///
    /// Before 10 a major version has two numbers (PostgreSQL, "Versioning Policy"): of 9.6.24 it is 9.6, and
    /// the tag 9 names none. The number at the head of any other repository's tag is a version of that
    /// image's own.
    public static func postgresMajor(_ image: ImageReference) -> ProgramVersion? {
        guard let tag = image.tag else { return nil }
        for part in tag.lowercased().split(whereSeparator: { "-_".contains($0) })
        where part.hasPrefix("pg") {
            if let version = ProgramVersion(
                String(part.dropFirst(2).prefix { ("0"..."9").contains($0) || $0 == "." })
            ) {
                return version.postgresMajor
            }
        }
        // The version of a distribution's image with an extension is the extension's own.
        guard let name = image.repository.split(separator: "/").last,
            postgresImages.contains(String(name))
        else { return nil }
        return ProgramVersion(tag).flatMap { $0.major >= 8 ? $0.postgresMajor : nil }
    }

    /// The major version of this version of PostgreSQL; nil where it does not tell.
    public var postgresMajor: ProgramVersion? {
        let count = major < 10 ? 2 : 1
        return numbers.count < count ? nil : ProgramVersion(Array(numbers.prefix(count)))
    }

    private init(_ numbers: [Int]) { self.numbers = numbers }
}
