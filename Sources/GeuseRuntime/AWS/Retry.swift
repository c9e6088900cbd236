/// The retry rules that all AWS SDKs share: "standard" mode of the AWS SDKs and Tools Reference Guide,
/// page "Retry behavior".
///
/// One value serves all calls of a session, since the quota is for all of them together.
public final class RetryPolicy {
    /// Why another try is wanted; it decides the price.
    enum Reason {
        /// The service refused or failed.
        case service
        /// There was no answer.
        case timeout
    }

    /// The tokens there are at most.
    static let capacity = 500
    /// The longest wait in seconds before another try.
    static let longestDelay = 20.0

    /// Tries of one call, the first included.
    let maximumAttempts: Int
    private let random: () -> Double
    private var tokens = RetryPolicy.capacity

    /// A full quota.
    ///
    /// - Parameters:
    ///   - environment: `AWS_MAX_ATTEMPTS` is looked up here; anything but a positive number is ignored.
    ///   - profile: the profile's `max_attempts`, which comes after that.
    ///   - random: a number from 0 up to 1 for the jitter.
    public init(
        environment: [String: String] = [:],
        profile: String? = nil,
        random: @escaping () -> Double = { Double.random(in: 0..<1) }
    ) {
        let wanted = [environment["AWS_MAX_ATTEMPTS"], profile].lazy
            .compactMap { $0.flatMap { Int($0) } }.first { $0 > 0 }
        maximumAttempts = wanted ?? 3
        self.random = random
    }

    /// A full quota for so many tries of a call.
    init(maximumAttempts: Int) {
        self.maximumAttempts = maximumAttempts
        random = { 0 }
    }

    /// What one call has taken from the quota; a success gives the last of it back.
    struct Ticket {
        fileprivate(set) var attempt = 1
        fileprivate var price = 0
    }

    /// Takes the price of another try and gives the seconds to wait before it; nil for no more tries.
    ///
    /// The delay is a random part of 1, 2, 4 … 20 s (full jitter), or what the service asks for if
    /// that is longer.
    func delay(_ ticket: inout Ticket, _ reason: Reason, asked: Double? = nil) -> Double? {
        let price = reason == .timeout ? 10 : 5
        guard ticket.attempt < maximumAttempts, tokens >= price else { return nil }
        tokens -= price
        ticket.price = price
        var ceiling = 1.0
        for _ in 1..<ticket.attempt { ceiling = min(ceiling * 2, Self.longestDelay) }
        ticket.attempt += 1
        return max(random() * ceiling, min(asked ?? 0, Self.longestDelay))
    }

    /// Puts tokens back after a success: the price of the last try, or one for a first try.
    func succeeded(_ ticket: Ticket) {
        tokens = min(Self.capacity, tokens + (ticket.price > 0 ? ticket.price : 1))
    }
}
