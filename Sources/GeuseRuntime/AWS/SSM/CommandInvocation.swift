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
    }
}
