/// A service that is called, with the names it goes by.
public enum AWSService: String, Sendable, CaseIterable {
    /// Elastic Compute Cloud.
    case ec2
    /// Elastic File System.
    case efs
    /// Systems Manager.
    case ssm
    /// Security Token Service.
    case sts
    /// Service Quotas.
    case quotas
    /// Price List.
    case pricing
    /// EC2 Auto Scaling; its settings are called AWS_ENDPOINT_URL_AUTO_SCALING and so on.
    case autoScaling = "auto_scaling"
    /// IAM Identity Center's portal, which is called unsigned.
    case sso

    /// The name in messages.
    public var displayName: String {
        switch self {
        case .quotas: "Service Quotas"
        case .pricing: "Price List"
        case .autoScaling: "Auto Scaling"
        default: rawValue.uppercased()
        }
    }

    /// The name in settings: `AWS_ENDPOINT_URL_<NAME>` in capitals (AWS SDKs and Tools Reference Guide,
    /// "Service-specific endpoints", list of identifiers).
    var settingName: String { self == .quotas ? "service_quotas" : rawValue }

    /// The first label of the host name.
    var endpointPrefix: String {
        switch self {
        case .efs: "elasticfilesystem"
        case .sso: "portal.sso"
        case .quotas: "servicequotas"
        case .pricing: "api.pricing"
        case .autoScaling: "autoscaling"
        default: rawValue
        }
    }

    /// The name in the credential scope of a signature.
    var signingName: String {
        switch self {
        case .efs, .quotas, .autoScaling: endpointPrefix
        default: rawValue
        }
    }

    /// The prefix of its actions in IAM policies.
    var iamPrefix: String { signingName }
}
