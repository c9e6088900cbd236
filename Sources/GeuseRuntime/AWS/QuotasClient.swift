/// The call of Service Quotas that a check makes (JSON 1.1, version 2019-06-24).
final class QuotasClient {
    private let client: ServiceClient

    /// Calls through a client of Service Quotas.
    init(_ client: ServiceClient) { self.client = client }

    /// GetServiceQuota of EC2: the limit in vCPUs.
    func limit(_ quota: VCPUQuota) throws -> Int {
        let reply = try JSONParser.parse(
            client.call(
                .json(
                    "GetServiceQuota",
                    target: "ServiceQuotasV20190624",
                    ["ServiceCode": "ec2", "QuotaCode": .string(quota.rawValue)]
                )
            ).body
        )
        guard let value = reply["Quota"]?["Value"]?.doubleValue, value >= 0, value < 1e9 else {
            throw Diagnostic("invalid_reply", "Service Quotas answered without a value.")
        }
        return Int(value)
    }
}
