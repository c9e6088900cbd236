/// What a change of the instance type does to the monthly bill.
public struct PlanCost: Sendable, Equatable {
    /// Hours that AWS counts as a month (AWS Pricing Calculator).
    private static let hours = 730.0

    /// The type now and the type afterwards.
    public let types: (current: String, new: String)
    /// US dollars a month now; nil when it is not known.
    public let current: Double?
    /// US dollars a month afterwards; nil when it is not known.
    public let new: Double?
    /// Where the prices are from, or why they are not known.
    public let source: String
    /// Whether another type may be taken in the new one's place.
    private let hasFallback: Bool

    /// The cost of a plan's last change of type; nil for a plan without one.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - instance: the instance as it is.
    ///   - region: the stack's region.
    ///   - price: the price of a type in AWS's own list, nil where that cannot be read; then prices are
    ///     those of a dated list that this program brings along.
    public init?(
        _ plan: Plan,
        _ instance: Instance,
        region: String,
        price: (InstanceType) -> OnDemandPrice?
    ) {
        let types = plan.steps.compactMap { step -> String? in
            switch step {
            case .resize(_, let to, _): to.text
            case .rollback(let target) where target.changesType: target.type.text
            default: nil
            }
        }
        guard let new = types.last, new != instance.type else { return nil }
        self.types = (instance.type, new)
        hasFallback = plan.steps.contains { step in
            if case .resize(_, _, let fallback) = step { !fallback.isEmpty } else { false }
        }
        if let reason = Self.unpriced(instance) {
            (current, self.new, source) = (nil, nil, reason)
            return
        }
        if let asked = Self.asked(instance.type, new, price) {
            (current, self.new) = (asked.0.hourly * Self.hours, asked.1.hourly * Self.hours)
            source = "On-Demand prices of \(region) in AWS's price list"
            return
        }
        current = PriceList.hourly(instance.type, in: region).map { $0 * Self.hours }
        self.new = PriceList.hourly(new, in: region).map { $0 * Self.hours }
        source =
            current == nil || self.new == nil
            ? "AWS's price list could not be read, and no price of \(instance.type) and \(new) in "
                + "\(region) is known here"
            : "On-Demand list prices of \(PriceList.region), \(PriceList.date)"
    }

    /// Why the prices that are known are not those of an instance; nil where they are.
    ///
    /// They are of Linux without a licence, on shared hardware.
    private static func unpriced(_ instance: Instance) -> String? {
        guard instance.platform == "Linux/UNIX" else {
            return "the instance is billed as \(VisibleText.filtered(instance.platform)), and only "
                + "prices of Linux without a licence are known"
        }
        guard let tenancy = instance.tenancy else {
            return
                "EC2 does not tell whether the instance is on hardware of its own, which has other "
                + "prices"
        }
        return tenancy == "default"
            ? nil
            : "the tenancy of the instance is \(VisibleText.filtered(tenancy)), and only prices of "
                + "shared hardware are known"
    }

    /// Both prices from one list, or none: two lists do not make a difference.
    private static func asked(
        _ current: String,
        _ new: String,
        _ price: (InstanceType) -> OnDemandPrice?
    ) -> (OnDemandPrice, OnDemandPrice)? {
        guard let current = (try? InstanceType(current)).flatMap(price),
            let new = (try? InstanceType(new)).flatMap(price)
        else { return nil }
        return (current, new)
    }

    /// A sentence or two for a person.
    public var sentence: String {
        guard let current, let new else { return "Cost: unknown; \(source)." }
        let other = hasFallback ? " A fallback type may cost something else." : ""
        let sign = new < current ? "-" : "+"
        return
            "Cost of the instance: about \(Self.dollars(current)) -> \(Self.dollars(new)) a month "
            + "(\(sign)\(Self.dollars(abs(new - current))); \(source))." + other
    }

    /// The cost as data, in US dollars a month.
    public var json: JSONValue {
        [
            "current_monthly_usd": current.map { .double(Self.cents($0)) } ?? .null,
            "new_monthly_usd": new.map { .double(Self.cents($0)) } ?? .null,
            "source": .string(source),
        ]
    }

    private static func cents(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    private static func dollars(_ value: Double) -> String {
        let cents = Int(saturating: (value * 100).rounded())
        return "$\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }

    /// The same types, prices and source.
    public static func == (left: Self, right: Self) -> Bool {
        left.types == right.types && left.current == right.current && left.new == right.new
            && left.source == right.source
    }
}
