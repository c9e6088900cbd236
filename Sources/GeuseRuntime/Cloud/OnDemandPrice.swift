/// What an instance type costs On-Demand with Linux and shared tenancy, before discounts.
public struct OnDemandPrice: Sendable, Equatable {
    /// US dollars an hour.
    public let hourly: Double

    /// Makes the value.
    public init(hourly: Double) { self.hourly = hourly }
}
