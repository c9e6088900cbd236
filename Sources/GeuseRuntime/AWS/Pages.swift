/// Reads a list that a service gives out page by page.
enum Pages {
    /// More pages than any list that is asked for here has; an endless list ends all the same.
    static let limit = 1000

    /// Asks for one page after the other.
    ///
    /// A page may be empty and yet not be the last one; only that no token follows says that.
    ///
    /// - Parameters:
    ///   - question: the service and its operation, for the message.
    ///   - read: asks for the page that a token stands for, nil for the first, and gives the token of
    ///     the next one; nil or an empty one ends it.
    /// - Throws: what `read` throws; `invalid_reply` for a token that came before and for a list
    ///   without an end.
    static func each(_ question: String, _ read: (String?) throws -> String?) throws {
        var seen: Set<String> = []
        var token: String?
        for _ in 0..<limit {
            guard let next = try read(token), !next.isEmpty else { return }
            guard seen.insert(next).inserted else {
                throw endless(question, "It named a page that was read before.")
            }
            token = next
        }
        throw endless(question, "It named more than \(limit) pages.")
    }

    private static func endless(_ question: String, _ detail: String) -> Diagnostic {
        Diagnostic("invalid_reply", "The list of \(question) does not end.", detail: detail)
    }
}
