/// On-Demand list prices of Linux instances, in US dollars an hour.
///
/// Source: "Amazon EC2 On-Demand Pricing" (aws.amazon.com/ec2/pricing/on-demand), US East (N. Virginia),
/// as of `date`. Other regions differ by up to two thirds, so nothing is said of them.
enum PriceList {
    static let date = "2026-06"
    static let region = "us-east-1"

    /// The price of the size `large` of families whose price doubles with each size.
    private static let large: [Substring: Double] = [
        "t2": 0.0928, "t3": 0.0832, "t3a": 0.0752, "t4g": 0.0672, "m5": 0.096, "m6i": 0.096,
        "m7g": 0.0816, "c6i": 0.085, "c7g": 0.0725, "r6i": 0.126,
    ]

    /// How many times `large` a size is.
    private static let sizes: [Substring: Double] = [
        "nano": 0.0625, "micro": 0.125, "small": 0.25, "medium": 0.5, "large": 1, "xlarge": 2,
        "2xlarge": 4, "4xlarge": 8, "8xlarge": 16, "12xlarge": 24, "16xlarge": 32, "24xlarge": 48,
        "32xlarge": 64,
    ]

    /// Those that do not double.
    private static let others: [String: Double] = [
        "g4dn.xlarge": 0.526, "g4dn.2xlarge": 0.752, "g4dn.4xlarge": 1.204, "g5.xlarge": 1.006,
        "g5.2xlarge": 1.212, "g5.4xlarge": 1.624,
    ]

    /// The price of a type; nil for a type or a region that the list does not have.
    static func hourly(_ type: String, in region: String) -> Double? {
        guard region == Self.region else { return nil }
        if let price = others[type] { return price }
        let parts = type.split(separator: ".")
        guard parts.count == 2, let base = large[parts[0]], let factor = sizes[parts[1]] else {
            return nil
        }
        return base * factor
    }
}
