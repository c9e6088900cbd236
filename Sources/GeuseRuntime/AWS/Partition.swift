/// A partition of AWS: regions that share accounts and a DNS suffix.
///
/// Source: botocore's `partitions.json` and the AWS General Reference.
public enum Partition: String, Sendable, CaseIterable {
    /// The commercial regions.
    case aws
    /// China.
    case china = "aws-cn"
    /// GovCloud (US).
    case govCloud = "aws-us-gov"
    /// European Sovereign Cloud.
    case sovereign = "aws-eusc"
    /// The isolated regions.
    case iso = "aws-iso"
    /// The isolated regions B.
    case isoB = "aws-iso-b"
    /// The isolated regions E.
    case isoE = "aws-iso-e"
    /// The isolated regions F.
    case isoF = "aws-iso-f"

    /// The partition that a region is in, by the prefix of its name.
    public static func of(_ region: Region) -> Partition {
        let prefixes: [(String, Partition)] = [
            ("cn-", .china), ("us-gov-", .govCloud), ("eusc-", .sovereign), ("us-isob-", .isoB),
            ("us-isof-", .isoF), ("eu-isoe-", .isoE), ("us-iso-", .iso),
        ]
        return prefixes.first { region.text.hasPrefix($0.0) }?.1 ?? .aws
    }

    /// The region that answers for the price list (botocore's `endpoints.json`, api.pricing); nil where
    /// there is none.
    var pricingRegion: String? {
        switch self {
        case .aws: "us-east-1"
        case .china: "cn-northwest-1"
        case .govCloud: nil
        case .sovereign: "eusc-de-east-1"
        case .iso: "us-iso-east-1"
        case .isoB: "us-isob-east-1"
        case .isoE: "eu-isoe-west-1"
        case .isoF: "us-isof-south-1"
        }
    }

    /// The end of its host names.
    var dnsSuffix: String {
        switch self {
        case .aws, .govCloud: "amazonaws.com"
        case .china: "amazonaws.com.cn"
        case .sovereign: "amazonaws.eu"
        case .iso: "c2s.ic.gov"
        case .isoB: "sc2s.sgov.gov"
        case .isoE: "cloud.adc-e.uk"
        case .isoF: "csp.hci.ic.gov"
        }
    }
}
