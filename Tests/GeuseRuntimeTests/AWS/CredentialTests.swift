import Testing

@testable import GeuseRuntime

/// The chain and its providers, with HTTP and files in memory.
@Suite struct CredentialTests {
    typealias D = AWSDoubles

    let http = D.HTTP()
    let clock = D.SteppingClock()
    let files = D.Files()

    private func chain(
        _ environment: [String: String] = [:],
        config: String = "",
        profile: String? = nil
    ) throws -> CredentialChain {
        files.texts["/h/.aws/config"] = config
        return try AWSSession(
            environment: ["AWS_EC2_METADATA_DISABLED": "true"].merging(environment) { $1 },
            profile: profile,
            region: try Region("us-east-1"),
            home: "/h",
            files: files,
            http: http,
            clock: clock,
            cancellation: Cancellation(),
            random: { 0.5 }
        ).credentials
    }

    private func error(_ body: () throws -> Void) -> Diagnostic? {
        #expect(throws: Diagnostic.self) { try body() }
    }

    private static let role =
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>"
        + "<SecretAccessKey>rs</SecretAccessKey><SessionToken>rt</SessionToken>"
        + "<Expiration>2026-11-23T13:00:00Z</Expiration></Credentials></AssumeRoleResult>"
        + "</AssumeRoleResponse>"

    private func form(_ request: HTTPRequest) -> String {
        String(decoding: request.body, as: UTF8.self)
    }

    // MARK: environment and chain

    @Test func theEnvironmentWinsUnlessAProfileIsAskedFor() throws {
        let keys = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"]
        let config = "[profile p]\naws_access_key_id = AKIAFILE\naws_secret_access_key = f"
        let named = keys.merging(["AWS_PROFILE": "p"]) { $1 }
        #expect(try chain(named, config: config).current().accessKeyID == "AKIAENV")
        #expect(try chain(keys, config: config, profile: "p").current().accessKeyID == "AKIAFILE")
        #expect(try chain(["AWS_PROFILE": "p"], config: config).current().accessKeyID == "AKIAFILE")
        #expect(error { _ = try chain(keys, profile: "missing") }?.code == "unknown_profile")
    }

    @Test func halfAKeyIsAnError() throws {
        let half = error { _ = try chain(["AWS_ACCESS_KEY_ID": "A"]).current() }
        #expect(half?.code == "credentials_incomplete")
        let config = "[default]\naws_access_key_id = A"
        #expect(error { _ = try chain(config: config).current() }?.code == "credentials_incomplete")
        #expect(error { _ = try chain().current() }?.code == "no_credentials")
    }

    @Test func aLoginSessionIsNamed() throws {
        let config = "[profile p]\nlogin_session = arn:aws:iam::123456789012:user/u"
        let found = error { _ = try chain(config: config, profile: "p").current() }
        #expect(found?.code == "login_session_unsupported")
        #expect(found?.hint?.contains("export-credentials --profile p") == true)
    }

    @Test func secretsAreNotShown() throws {
        let keys = [
            "AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "hush1",
            "AWS_SESSION_TOKEN": "hush2",
        ]
        var text = ""
        dump(try chain(keys).current(), to: &text)
        #expect(!text.contains("hush"))
        #expect(try chain(keys).current().sessionToken?.reveal() == "hush2")
    }

    /// What renews itself has no end; what a person has to renew has one, through roles too.
    @Test func theEndThatNobodyRenewsIsKnown() throws {
        let end = "2026-11-23T12:30:00Z"
        let keys = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"]
        #expect(try chain(keys).current().finalEnd == nil)
        let temporary = keys.merging(["AWS_CREDENTIAL_EXPIRATION": end]) { $1 }
        #expect(try chain(temporary).current().finalEnd == Timestamp(end))
        let config = "[profile r]\nrole_arn = arn:r\ncredential_source = Environment"
        http.then(D.reply(200, Self.role))
        let renewed = try chain(keys, config: config, profile: "r").current()
        #expect(renewed.expiration == Timestamp("2026-11-23T13:00:00Z"))
        #expect(renewed.finalEnd == nil)
        http.then(D.reply(200, Self.role))
        let borrowed = try chain(temporary, config: config, profile: "r").current()
        #expect(borrowed.finalEnd == Timestamp("2026-11-23T13:00:00Z"))
        #expect(borrowed.login?.contains("export-credentials") == true)
    }

    /// A session token always ends; that nothing tells when is not the same as never.
    @Test func anEndThatNothingTellsIsUnknown() throws {
        let keys = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"]
        let token = ["AWS_SESSION_TOKEN": "t"]
        let end = ["AWS_CREDENTIAL_EXPIRATION": "2026-11-23T12:30:00Z"]
        let garbage = ["AWS_CREDENTIAL_EXPIRATION": "garbage"]
        func isUnknown(_ more: [String: String]...) throws -> Bool {
            let environment = more.reduce(keys) { $0.merging($1) { $1 } }
            return try chain(environment).current().isEndUnknown
        }
        #expect(try !isUnknown())
        #expect(try isUnknown(token))
        #expect(try isUnknown(garbage))
        #expect(try isUnknown(token, garbage))
        #expect(try !isUnknown(token, end))
        let stored = "aws_access_key_id = A\naws_secret_access_key = s\n"
        #expect(try !chain(config: "[default]\n" + stored).current().isEndUnknown)
        #expect(
            try chain(config: "[default]\n" + stored + "aws_session_token = t").current()
                .isEndUnknown
        )
        // A role can be assumed anew for as long as what it is assumed with holds.
        let config = "[profile r]\nrole_arn = arn:r\ncredential_source = Environment"
        for (environment, expected) in [(keys, false), (keys.merging(token) { $1 }, true)] {
            http.then(D.reply(200, Self.role))
            let found = try chain(environment, config: config, profile: "r").current()
            #expect(found.isEndUnknown == expected)
        }
    }

    @Test func theChainRefetchesBeforeTheEnd() throws {
        final class Provider: CredentialProvider {
            var end: Timestamp?
            var asked = 0
            func credentials() throws -> AWSCredentials? {
                asked += 1
                return AWSCredentials(
                    accessKeyID: "A",
                    secretAccessKey: Secret("s"),
                    expiration: end,
                    source: "the test"
                )
            }
        }
        let provider = Provider()
        provider.end = Timestamp("2026-11-23T13:00:00Z")
        let chain = CredentialChain([provider], clock: clock)
        _ = try chain.current()
        clock.advance(3299)
        _ = try chain.current()
        #expect(provider.asked == 1)
        clock.advance(2)
        _ = try chain.current()
        #expect(provider.asked == 2)
        clock.advance(400)
        #expect(error { _ = try chain.current() }?.code == "credentials_expired")
    }

    // MARK: roles

    @Test func aRoleIsAssumedWithTheSourceProfile() throws {
        http.then { request in
            #expect(request.header("authorization")?.contains("AKIABASE/") == true)
            #expect(request.url.host == "sts.us-east-1.amazonaws.com")
            let form = form(request)
            #expect(form.contains("Action=AssumeRole&"))
            #expect(form.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"))
            #expect(form.contains("ExternalId=x%2Fy"))
            #expect(form.contains("RoleSessionName=me"))
            #expect(form.contains("DurationSeconds=900"))
            return try D.reply(200, Self.role)(request)
        }
        let config = """
            [profile base]
            aws_access_key_id = AKIABASE
            aws_secret_access_key = b
            [profile r]
            role_arn = arn:aws:iam::1:role/r
            source_profile = base
            external_id = x/y
            role_session_name = me
            duration_seconds = 900
            """
        let chain = try chain(config: config, profile: "r")
        #expect(try chain.current().accessKeyID == "ASIAROLE")
        #expect(try chain.current().sessionToken?.reveal() == "rt")
        #expect(http.isDone)
    }

    @Test func rolesCanBeChained() throws {
        let inner = Self.role.replacing("ASIAROLE", with: "ASIAINNER")
        http.then(D.reply(200, inner))
        http.then { request in
            #expect(request.header("authorization")?.contains("ASIAINNER/") == true)
            #expect(request.header("x-amz-security-token") == "rt")
            return try D.reply(200, Self.role)(request)
        }
        let config = """
            [profile base]
            aws_access_key_id = AKIABASE
            aws_secret_access_key = b
            role_arn = ignored-when-a-source-has-keys
            [profile mid]
            role_arn = arn:mid
            source_profile = base
            [profile end]
            role_arn = arn:end
            source_profile = mid
            """
        #expect(try chain(config: config, profile: "end").current().accessKeyID == "ASIAROLE")
        #expect(http.isDone)
    }

    @Test func aRoleWithCredentialSource() throws {
        http.then { request in
            #expect(request.header("authorization")?.contains("AKIAENV/") == true)
            return try D.reply(200, Self.role)(request)
        }
        let config = "[profile r]\nrole_arn = arn:r\ncredential_source = Environment"
        let keys = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"]
        #expect(try chain(keys, config: config, profile: "r").current().accessKeyID == "ASIAROLE")
    }

    @Test(arguments: [
        ("source_profile = b\n[profile b]\nrole_arn = y\nsource_profile = a", "circle"),
        ("source_profile = b\n[profile b]\nrole_arn = y\nsource_profile = b", "no access key"),
        ("source_profile = b\ncredential_source = Environment", "both"),
        ("credential_source = Nowhere", "known"), ("region = x", "neither"),
        ("mfa_serial = m\nsource_profile = b", "MFA"), ("source_profile = missing", "configured"),
    ])
    func rolesThatCannotWork(settings: String, word: String) throws {
        let config = "[profile a]\nrole_arn = x\n\(settings)"
        let found = error { _ = try chain(config: config, profile: "a").current() }
        let text = "\(found?.summary ?? "") \(found?.detail ?? "")"
        if word == "no access key" {
            #expect(found?.code == "no_credentials")
        } else {
            #expect(text.contains(word), "\(text)")
        }
    }

    @Test func webIdentities() throws {
        let expected = Self.role.replacing("AssumeRoleRe", with: "AssumeRoleWithWebIdentityRe")
        let answer: D.HTTP.Answer = { request in
            #expect(request.header("authorization") == nil)
            #expect(
                form(request).contains("WebIdentityToken=t1.t2&")
                    || form(request).hasSuffix("t1.t2")
            )
            return try D.reply(200, expected)(request)
        }
        http.then(answer)
        http.then(answer)
        files.texts["/token"] = "t1.t2\n"
        let environment = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:w"]
        #expect(try chain(environment).current().accessKeyID == "ASIAROLE")
        let config = "[profile w]\nrole_arn = arn:w\nweb_identity_token_file = /token"
        #expect(try chain(config: config, profile: "w").current().accessKeyID == "ASIAROLE")
        files.texts["/token"] = nil
        let missing = error { _ = try chain(environment).current() }
        #expect(missing?.code == "web_identity_token_missing")
    }
}
