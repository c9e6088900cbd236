/// Where the requests of a service go.
///
/// Precedence as in the AWS SDKs and Tools Reference Guide, "Service-specific endpoints":
/// `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, the profile's `services` section, the profile's
/// `endpoint_url`, and then the region's own endpoint.
struct EndpointResolver {
    private let environment: [String: String]
    private let config: SharedConfig
    private let profile: SharedConfig.Section

    init(environment: [String: String], config: SharedConfig, profile: String) {
        self.environment = environment
        self.config = config
        self.profile = config.profiles[profile] ?? SharedConfig.Section()
    }

    /// The endpoint of a service in a region.
    func endpoint(_ service: AWSService, _ region: Region) throws -> HTTPURL {
        if let configured = configured(service) { return try HTTPURL(configured) }
        // Neither kind is to be had of every service in every region, and no rule tells their names.
        let kinds = [
            ("fips", "FIPS", "fips_endpoint_unknown"),
            ("dualstack", "Dual-stack", "dualstack_endpoint_unknown"),
        ]
        for (word, name, code) in kinds where isWanted(word) {
            throw Diagnostic(
                code,
                "\(name) endpoints are asked for, but which ones is not known here.",
                hint: "Name it: AWS_ENDPOINT_URL_\(service.settingName.uppercased())=https://…",
                kind: .usage
            )
        }
        let suffix = Partition.of(region).dnsSuffix
        return try HTTPURL("https://\(service.endpointPrefix).\(region.text).\(suffix)")
    }

    /// Whether endpoints of a kind are asked for, by the environment or else by the profile.
    private func isWanted(_ word: String) -> Bool {
        let wish =
            environment["AWS_USE_\(word.uppercased())_ENDPOINT"] ?? profile["use_\(word)_endpoint"]
        return wish?.lowercased() == "true"
    }

    private func configured(_ service: AWSService) -> String? {
        let ignore =
            environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]
            ?? profile["ignore_configured_endpoint_urls"]
        guard ignore?.lowercased() != "true" else { return nil }
        let inServices = profile["services"].flatMap { config.services[$0] }?
            .nested[service.settingName]?["endpoint_url"]
        let candidates = [
            environment["AWS_ENDPOINT_URL_\(service.settingName.uppercased())"],
            environment["AWS_ENDPOINT_URL"], inServices, profile["endpoint_url"],
        ]
        return candidates.lazy.compactMap { $0 }.first { !$0.isEmpty }
    }
}
