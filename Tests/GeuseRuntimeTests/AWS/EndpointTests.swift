import Testing

@testable import GeuseRuntime

@Suite struct EndpointTests {
    private static let config = SharedConfig(
        config: """
            [profile p]
            endpoint_url = http://profile
            services = lab
            [profile q]
            endpoint_url = http://profile
            ignore_configured_endpoint_urls = true
            [services lab]
            ec2 =
              endpoint_url = http://lab-ec2
            efs =
              endpoint_url = http://lab-efs
            """,
        credentials: ""
    )

    private func endpoint(
        _ service: AWSService,
        _ region: String,
        _ environment: [String: String] = [:],
        profile: String = "default"
    ) throws -> String {
        try EndpointResolver(environment: environment, config: Self.config, profile: profile)
            .endpoint(service, try Region(region)).description
    }

    @Test func regionsOfAllPartitions() throws {
        #expect(try endpoint(.ec2, "us-east-1") == "https://ec2.us-east-1.amazonaws.com")
        #expect(
            try endpoint(.efs, "eu-central-1")
                == "https://elasticfilesystem.eu-central-1.amazonaws.com"
        )
        #expect(try endpoint(.sts, "cn-north-1") == "https://sts.cn-north-1.amazonaws.com.cn")
        #expect(try endpoint(.ssm, "us-gov-west-1") == "https://ssm.us-gov-west-1.amazonaws.com")
        #expect(try endpoint(.ec2, "us-isob-east-1") == "https://ec2.us-isob-east-1.sc2s.sgov.gov")
        #expect(try endpoint(.ec2, "us-iso-east-1") == "https://ec2.us-iso-east-1.c2s.ic.gov")
        #expect(try endpoint(.sso, "eu-west-1") == "https://portal.sso.eu-west-1.amazonaws.com")
        #expect(
            try endpoint(.pricing, "us-east-1") == "https://api.pricing.us-east-1.amazonaws.com"
        )
        #expect(Partition.of(try Region("us-gov-east-1")).rawValue == "aws-us-gov")
    }

    @Test func precedence() throws {
        let all = ["AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_SSM": "http://ssm:1/base"]
        #expect(try endpoint(.ssm, "us-east-1", all, profile: "p") == "http://ssm:1/base")
        #expect(try endpoint(.ec2, "us-east-1", all, profile: "p") == "http://all")
        #expect(try endpoint(.ec2, "us-east-1", profile: "p") == "http://lab-ec2")
        #expect(try endpoint(.sts, "us-east-1", profile: "p") == "http://profile")
        #expect(
            try endpoint(.sts, "us-east-1", profile: "q") == "https://sts.us-east-1.amazonaws.com"
        )
        // The identifiers are the SDKs', which are not always the names of the hosts.
        let quotas = ["AWS_ENDPOINT_URL_SERVICE_QUOTAS": "http://quotas"]
        #expect(try endpoint(.quotas, "us-east-1", quotas) == "http://quotas")
        let ignored = all.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"]) { $1 }
        #expect(
            try endpoint(.ssm, "us-east-1", ignored) == "https://ssm.us-east-1.amazonaws.com"
        )
        #expect(throws: Diagnostic.self) {
            try endpoint(.ssm, "us-east-1", ["AWS_ENDPOINT_URL": "file:///etc"])
        }
        let fips = ["AWS_USE_FIPS_ENDPOINT": "true"]
        let error = #expect(throws: Diagnostic.self) { try endpoint(.ssm, "us-east-1", fips) }
        #expect(error?.code == "fips_endpoint_unknown")
        #expect(try endpoint(.ssm, "us-east-1", all.merging(fips) { $1 }) == "http://ssm:1/base")
    }

    @Test func dualStackEndpointsAreNotLeftOutInSilence() throws {
        let wish = ["AWS_USE_DUALSTACK_ENDPOINT": "true"]
        let error = #expect(throws: Diagnostic.self) { try endpoint(.ec2, "us-east-1", wish) }
        #expect(error?.code == "dualstack_endpoint_unknown")
        #expect(error?.hint?.contains("AWS_ENDPOINT_URL_EC2") == true)
        let named = wish.merging(["AWS_ENDPOINT_URL_EC2": "https://ec2.us-east-1.api.aws"]) { $1 }
        #expect(try endpoint(.ec2, "us-east-1", named) == "https://ec2.us-east-1.api.aws")
        let config = SharedConfig(
            config: "[profile d]\nuse_dualstack_endpoint = true",
            credentials: ""
        )
        func profile(_ environment: [String: String]) throws -> String {
            try EndpointResolver(environment: environment, config: config, profile: "d")
                .endpoint(.ec2, try Region("us-east-1")).description
        }
        let inProfile = #expect(throws: Diagnostic.self) { try profile([:]) }
        #expect(inProfile?.code == "dualstack_endpoint_unknown")
        #expect(
            try profile(["AWS_USE_DUALSTACK_ENDPOINT": "false"])
                == "https://ec2.us-east-1.amazonaws.com"
        )
    }

    @Test func regions() throws {
        var section = SharedConfig.Section()
        section.values = ["region": "eu-west-1"]
        func region(_ environment: [String: String], _ given: Region? = nil) throws -> String {
            try RegionResolver.region(given: given, environment: environment, profile: section).text
        }
        let both = ["AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-west-2"]
        #expect(try region(both, try Region("cn-north-1")) == "cn-north-1")
        #expect(try region(both) == "us-east-1")
        #expect(try region(["AWS_REGION": "", "AWS_DEFAULT_REGION": "us-west-2"]) == "us-west-2")
        #expect(try region([:]) == "eu-west-1")
        let evil = #expect(throws: Diagnostic.self) { try region(["AWS_REGION": "x.evil.com/#"]) }
        #expect(evil?.code == "invalid_region")
        let none = #expect(throws: Diagnostic.self) {
            try RegionResolver.region(given: nil, environment: [:], profile: nil)
        }
        #expect(none?.code == "no_region")
    }

    @Test func urls() throws {
        let url = try HTTPURL("HTTPS://Host.Example:8443/a%20b?x=1?y")
        #expect(url.authority == "host.example:8443")
        #expect(url.path == "/a%20b")
        #expect(url.query == "x=1?y")
        #expect(try HTTPURL("https://h:443").authority == "h")
        #expect(try HTTPURL("http://[fd00:ec2::254]").authority == "[fd00:ec2::254]")
        for text in [
            "", "host", "ftp://h", "http://", "http://u:p@h/", "http://h:0", "http://h:99999",
            "http://h/#f", "http://h/a b", "http://h\n", "http://h\u{fc}", "http://[::1]x",
        ] {
            let error = #expect(throws: Diagnostic.self) { try HTTPURL(text) }
            #expect(error?.code == "invalid_url", "\(text)")
        }
    }

    @Test func proxies() {
        let upper = ProxySettings(environment: ["HTTP_PROXY": "u", "HTTPS_PROXY": "s"])
        #expect(upper.proxy(for: "http") == "u")
        #expect(upper.proxy(for: "https") == "s")
        let cgi = ProxySettings(environment: ["HTTP_PROXY": "u", "REQUEST_METHOD": "GET"])
        #expect(cgi.proxy(for: "http") == "")
        let lower = ProxySettings(
            environment: ["http_proxy": "l", "HTTP_PROXY": "u", "ALL_PROXY": "a", "NO_PROXY": "n"]
        )
        #expect(lower.proxy(for: "http") == "l")
        #expect(lower.proxy(for: "https") == "a")
        #expect(lower.exceptions == "n")
    }
}
