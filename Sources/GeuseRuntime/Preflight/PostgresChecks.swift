/// Whether an image of PostgreSQL can serve the data directory that is there.
///
/// Sources: PostgreSQL documentation, "Upgrading a PostgreSQL Cluster" (one major version a data
/// directory); PostgreSQL, "Versioning Policy" (two numbers to a major version before 10);
/// docker-library/postgres, pull request 1259 (PGDATA from 18 on); PostgreSQL wiki, "Locale data changes"
/// (collations of another C library).
struct PostgresChecks {
    /// The name under which a data path that moved is allowed.
    static let pathAllowName = "pg-data-path"

    let target: StatefulTarget

    private var facts: StatefulFacts { target.facts }
    private var service: String { facts.service.text }

    func run() -> [PreflightCheck] { [major, path, libc] }

    private var major: PreflightCheck {
        let name = "postgres_major"
        guard let found = facts.dataVersion else {
            return facts.isEmpty
                ? .ok(name, of: service, "Its data directory is empty.")
                : .unknown(
                    name,
                    of: service,
                    "PG_VERSION of its data directory could not be read."
                )
        }
        guard let wanted = ProgramVersion.postgresMajor(target.image) else {
            return .unknown(
                name,
                of: service,
                "Its data is of PostgreSQL \(found); \(target.image) does not tell its version.",
                hint:
                    "It is looked at when the image is there, before anything that runs is touched."
            )
        }
        guard Self.isOther(found, wanted) else {
            return .ok(name, of: service, "Its data is of PostgreSQL \(found), as the image.")
        }
        return .refused(
            name,
            of: service,
            Self.mismatch(found, wanted, service),
            allowing: "pg-major"
        )
    }

    /// Whether the data is of another major version than an image.
    ///
    /// - Parameters:
    ///   - found: what PG_VERSION says, such as 15 or 9.6.
    ///   - wanted: the image's major version.
    /// - Returns: true where they differ.
    static func isOther(_ found: String, _ wanted: ProgramVersion) -> Bool {
        ProgramVersion(found) != wanted
    }

    /// The refusal of another major version.
    ///
    /// - Parameters:
    ///   - found: what PG_VERSION says.
    ///   - wanted: the image's version.
    ///   - service: the service.
    /// - Returns: a diagnostic of kind refused.
    static func mismatch(_ found: String, _ wanted: ProgramVersion, _ service: String) -> Diagnostic
    {
        Diagnostic(
            "postgres_other_major",
            "The data of \(service) is of PostgreSQL \(found); the image is of \(wanted) and cannot "
                + "use it.",
            detail: "PG_VERSION in the data directory says so, whatever the present tag is.",
            hint:
                "Stay at \(found), or move the data: dump it, start \(wanted) on a new directory, and "
                + "restore it there (docs/DATA.md).",
            kind: .refused
        )
    }

    private var path: PreflightCheck {
        let name = "postgres_data_path"
        guard let wanted = ProgramVersion.postgresMajor(target.image) else {
            return .unknown(name, of: service, "\(target.image) does not tell its version.")
        }
        return Self.moved(facts, wanted).map {
            .refused(name, of: service, $0, allowing: Self.pathAllowName)
        }
            ?? .ok(name, of: service, "Its data lies where the image looks for it.")
    }

    /// The refusal of an image that looks for its data elsewhere; nil where it finds it.
    static func moved(_ facts: StatefulFacts, _ wanted: ProgramVersion) -> Diagnostic? {
        let old = "/var/lib/postgresql/data"
        guard wanted.major >= 18, facts.mountedAt == old, !facts.setsDataPath else { return nil }
        return Diagnostic(
            "postgres_data_path_moved",
            "From 18 on the image keeps its data below /var/lib/postgresql/\(wanted)/docker; the volume "
                + "of \(facts.service) is mounted at \(old).",
            detail: "It would not find the data, or would make an empty database beside it.",
            hint: "Mount the volume at /var/lib/postgresql, or set PGDATA in the compose file.",
            kind: .refused
        )
    }

    private var libc: PreflightCheck {
        let name = "postgres_libc"
        let tag = target.image.tag ?? ""
        let words = tag.split(separator: "-").map(String.init)
        let next = words.contains { $0.hasPrefix("alpine") } ? "alpine" : "debian"
        let old =
            facts.system ?? (target.current?.tag?.contains("alpine") == true ? "alpine" : "debian")
        let releases = ["buster", "bullseye", "bookworm", "trixie"]
        let release = words.first { releases.contains($0) }
        guard old == "alpine" || old == "debian" else {
            return .unknown(name, of: service, "Its image is of \(VisibleText.filtered(old)).")
        }
        let isOther = old != next
        let isOtherRelease = release != nil && facts.release != nil && release != facts.release
        if old == "alpine", next == "debian", isSilentOnSystem(words, release) {
            return .unknown(
                name,
                of: service,
                "It runs on Alpine, which its tag does not say; nor does that of \(target.image).",
                hint: "Where it is Alpine no longer, indexes on text have to be rebuilt."
            )
        }
        guard isOther || isOtherRelease else {
            // Debian's C library changes with its release, which a tag such as 15.6 does not name.
            if old == "debian", release == nil || facts.release == nil {
                return .unknown(
                    name,
                    of: service,
                    "\(old) as before; whether its release is the same is not known.",
                    hint: "Name the release, such as \(tag.isEmpty ? "15" : tag)-bookworm."
                )
            }
            return .ok(name, of: service, "\(release ?? old) as before.")
        }
        let from = isOther ? old : facts.release ?? old
        let to = isOther ? next : release ?? next
        return .warning(
            name,
            of: service,
            "The image changes from \(from) to \(to), whose C library sorts text another way.",
            hint: "Rebuild the indexes on text afterwards: REINDEX DATABASE, then ALTER DATABASE … "
                + "REFRESH COLLATION VERSION."
        )
    }
    /// Whether a repository's tags tell nothing of the system: the one that runs is on Alpine and does not
    /// say so, as TimescaleDB's.
    private func isSilentOnSystem(_ words: [String], _ release: String?) -> Bool {
        guard let current = target.current, current.repository == target.image.repository else {
            return false
        }
        return release == nil && !words.contains { $0.hasPrefix("debian") }
            && current.tag.map { !$0.contains("alpine") } ?? true
    }
}
