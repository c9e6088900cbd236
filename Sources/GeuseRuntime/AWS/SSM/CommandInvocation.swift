/// How a command stands on one instance (SSM GetCommandInvocation).
struct CommandInvocation: Equatable {
    /// The detailed status; Systems Manager User Guide, "Understanding command statuses".
    enum Status: String {
        case pending
        case inprogress
        case delayed
        case cancelling
        case success
        case failed
        case cancelled
        case deliverytimedout
        case executiontimedout
        case undeliverable
        case terminated
        case invalidplatform
        case accessdenied
        /// A word this version does not know.
        case unknown
    }

    /// The status.
    var status: Status
    /// The service's own word for it.
    var statusText: String
    /// The exit status of the script; -1 while there is none.
    var responseCode: Int
    /// Standard output, at most 24,000 characters.
    var output: String
    /// Standard error, at most 8,000 characters.
    var errors: String
    /// How long the script ran, in seconds; nil when the service does not say.
    var seconds: Double?

    /// Reads the reply.
    ///
    /// `StatusDetails` is written with and without spaces ("In Progress").
    init(_ reply: JSONValue) throws {
        let details = reply["StatusDetails"]?.stringValue ?? ""
        statusText = details.isEmpty ? reply["Status"]?.stringValue ?? "" : details
        let word = statusText.lowercased().filter { $0 != " " && $0 != "_" }
        status = Status(rawValue: word == "canceled" ? "cancelled" : word) ?? .unknown
        responseCode = reply["ResponseCode"]?.intValue ?? -1
        output = reply["StandardOutputContent"]?.stringValue ?? ""
        errors = reply["StandardErrorContent"]?.stringValue ?? ""
        seconds = reply["ExecutionElapsedTime"]?.stringValue.flatMap(Self.seconds)
    }

    /// Reads a duration such as `PT1H2M3.5S` (ISO 8601; no days, which the service does not write).
    static func seconds(_ text: String) -> Double? {
        guard text.hasPrefix("PT"), text.utf8.count <= 32 else { return nil }
        var rest = text.dropFirst(2)
        var total: Double?
        for (unit, size) in [("H" as Character, 3600.0), ("M", 60), ("S", 1)] {
            guard let end = rest.firstIndex(of: unit) else { continue }
            let digits = rest[..<end]
            guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
                let value = Double(digits)
            else { return nil }
            total = (total ?? 0) + value * size
            rest = rest[rest.index(after: end)...]
        }
        return rest.isEmpty ? total : nil
    }
}
