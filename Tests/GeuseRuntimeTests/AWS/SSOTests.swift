import Testing

@testable import GeuseRuntime

@Suite struct SSOTests {
    typealias D = AWSDoubles

    let http = D.HTTP()
    let files = D.Files()

    static let modern = """
        [profile dev]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = Ops & Co
        [sso-session corp]
        sso_region = eu-west-1
        sso_start_url = https://corp.awsapps.com/start
        """
    static let legacy = """
        [profile dev]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-west-1
        sso_account_id = 111122223333
        sso_role_name = Ops & Co
        """

    private func credentials(_ config: String) throws -> AWSCredentials {
        files.texts["/h/.aws/config"] = config
        return try AWSSession(
            environment: ["AWS_EC2_METADATA_DISABLED": "true"],
            profile: "dev",
            region: try Region("us-east-1"),
            home: "/h",
            files: files,
            http: http,
            clock: D.SteppingClock(),
            cancellation: Cancellation()
        ).credentials.current()
    }

    private func cache(_ name: String, _ end: String) {
        files.texts["/h/.aws/sso/cache/\(name).json"] =
            "{\"accessToken\":\"bearer\",\"expiresAt\":\"\(end)\",\"region\":\"eu-west-1\"}"
    }

    private func answer(_ request: HTTPRequest) throws -> HTTPResponse {
        #expect(request.header("x-amz-sso_bearer_token") == "bearer")
        #expect(request.header("authorization") == nil)
        #expect(
            request.url.description
                == "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials"
                + "?role_name=Ops%20%26%20Co&account_id=111122223333"
        )
        return try D.reply(
            200,
            "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":\"s\","
                + "\"sessionToken\":\"t\",\"expiration\":1795446000000}}"
        )(request)
    }

    @Test(arguments: [
        (Self.modern, SSONames.session, "2026-11-23T13:00:00Z"),
        (Self.legacy, SSONames.startURL, "2026-11-23T13:00:00UTC"),
    ])
    func aCachedTokenIsUsed(config: String, name: String, end: String) throws {
        cache(name, end)
        http.then(answer)
        let found = try credentials(config)
        #expect(found.accessKeyID == "ASIASSO")
        #expect(found.expiration == Timestamp("2026-11-23T15:00:00Z"))
        // The token ends earlier; the last credentials had with it are the end.
        #expect(found.finalEnd == found.expiration)
        #expect(found.login == "aws sso login --profile dev")
    }

    @Test func anEndedTokenAsksForALogin() throws {
        for end in ["2026-11-23T11:59:59Z", "nonsense", ""] {
            cache(SSONames.session, end)
            let error = #expect(throws: Diagnostic.self) { try credentials(Self.modern) }
            #expect(error?.code == "sso_login_needed")
            #expect(error?.hint == "aws sso login --profile dev")
            #expect(error?.kind == .refused)
        }
        files.texts["/h/.aws/sso/cache/\(SSONames.session).json"] = nil
        let error = #expect(throws: Diagnostic.self) { try credentials(Self.modern) }
        #expect(error?.code == "sso_login_needed")
    }

    @Test func aRevokedTokenAsksForALogin() throws {
        cache(SSONames.session, "2026-11-23T13:00:00Z")
        http.then(
            D.reply(401, "{}", [HTTPHeader("x-amzn-ErrorType", "UnauthorizedException:http://x")])
        )
        let error = #expect(throws: Diagnostic.self) { try credentials(Self.modern) }
        #expect(error?.code == "sso_login_needed")
        #expect(error?.causes.first?.code == "UnauthorizedException")
    }

    @Test(arguments: [
        ("sso_account_id = 111122223333\n", "sso_account_id"),
        ("sso_role_name = Ops & Co\n", "sso_role_name"), ("sso_region = eu-west-1\n", "sso_region"),
        ("[sso-session corp]\n", "sso-session corp"),
    ])
    func incompleteSettings(line: String, word: String) throws {
        let config = Self.modern.replacing(line, with: "")
        let error = #expect(throws: Diagnostic.self) { try credentials(config) }
        #expect(error?.code == "profile_invalid")
        #expect(error?.detail?.contains(word) == true)
    }
}

/// SHA-1 of `corp` and of `https://corp.awsapps.com/start`, as `sha1sum` prints them.
enum SSONames {
    static let session = "ee0bfd2552fbd840c02cc48b6e823320543c450f"
    static let startURL = "a51746d4aa793ae07b25e90c3a5db96fc7832bd7"
}
