/// The call of the Price List Query API that a plan makes (JSON 1.1, version 2017-10-15).
final class PricingClient {
    private let client: ServiceClient

    /// Calls through a client of the Price List service.
    init(_ client: ServiceClient) { self.client = client }

    /// GetProducts of EC2: the On-Demand price of a type in a region.
    ///
    /// The filters are those that single out one product: *Finding services and products using the
    /// AWS Price List Query API*, AWS Billing User Guide.
    ///
    /// - Returns: the price; nil when the list has none in US dollars an hour, or several.
    func onDemand(_ type: InstanceType, in region: Region) throws -> OnDemandPrice? {
        let filters = [
            ("instanceType", type.text), ("regionCode", region.text), ("operatingSystem", "Linux"),
            ("preInstalledSw", "NA"), ("tenancy", "Shared"), ("capacitystatus", "Used"),
            ("licenseModel", "No License required"),
        ]
        var prices: [OnDemandPrice] = []
        try Pages.each("Price List GetProducts") { token in
            let reply = try products(filters, token)
            guard let products = reply["PriceList"]?.arrayValue else {
                throw Diagnostic(
                    "invalid_reply",
                    "The Price List service answered without a list."
                )
            }
            prices += try products.compactMap(\.stringValue).flatMap {
                Self.prices(try JSONParser.parse(Array($0.utf8)))
            }
            return reply["NextToken"]?.stringValue
        }
        // Several different ones would mean that the filters no longer single out a product.
        return Set(prices.map(\.hourly)).count == 1 ? prices.first : nil
    }

    /// One page of GetProducts.
    private func products(_ filters: [(String, String)], _ token: String?) throws -> JSONValue {
        var input = JSONObject([
            ("ServiceCode", "AmazonEC2"), ("FormatVersion", "aws_v1"), ("MaxResults", 10),
            (
                "Filters",
                .array(
                    filters.map { field, value in
                        [
                            "Type": "TERM_MATCH", "Field": .string(field),
                            "Value": .string(value),
                        ]
                    }
                )
            ),
        ])
        if let token { input["NextToken"] = .string(token) }
        let call = ServiceCall.json("GetProducts", target: "AWSPriceListService", .object(input))
        return try JSONParser.parse(client.call(call).body)
    }

    /// More dollars an hour than any instance costs; a price that is more is none.
    private static let highest = 1e5

    /// The prices above zero of a product's On-Demand terms.
    private static func prices(_ product: JSONValue) -> [OnDemandPrice] {
        let terms = product["terms"]?["OnDemand"]?.objectValue?.members.map(\.value) ?? []
        return terms.flatMap { term in
            let dimensions = term["priceDimensions"]?.objectValue?.members.map(\.value) ?? []
            return dimensions.compactMap { dimension -> OnDemandPrice? in
                guard dimension["unit"]?.stringValue == "Hrs",
                    let text = dimension["pricePerUnit"]?["USD"]?.stringValue,
                    let hourly = Double(text), hourly > 0, hourly < highest
                else { return nil }
                return OnDemandPrice(hourly: hourly)
            }
        }
    }
}
