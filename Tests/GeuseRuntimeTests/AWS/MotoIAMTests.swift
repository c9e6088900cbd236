import Testing

@testable import GeuseRuntime

/// moto's own enforcement of IAM users, keys and policies.
@Suite struct MotoIAMTests {
    @Test func keysSecretsAndPoliciesCount() throws {
        let server = try PythonServer("signed_moto.py", ["--iam"])
        let key = try #require(server.words.first)
        let secret = try #require(server.words.last)
        let id = try InstanceID("i-0123456789abcdef0")

        func session(_ key: String, _ secret: String) throws -> AWSSession {
            try AWSSession(
                environment: [
                    "AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret,
                    "AWS_REGION": "us-east-1",
                    "AWS_ENDPOINT_URL": "http://127.0.0.1:\(server.port)",
                ],
                home: "/nonexistent",
                cancellation: Cancellation(),
                random: { 0 }
            )
        }
        func code(_ body: () throws -> Void) -> String? {
            let error = #expect(throws: Diagnostic.self) { try body() }
            return error?.code
        }

        let good = try session(key, secret)
        #expect(try good.cloud().instance(id) == nil)
        #expect(try good.cloud().instanceType(try InstanceType("t3.large"))?.vcpus == 2)
        #expect(code { try good.cloud().stop(id) } == "AccessDenied")

        let wrong = try session(key, secret + "x")
        #expect(code { _ = try wrong.cloud().instance(id) } == "AuthFailure")
        let sent = code { _ = try wrong.transport(to: id).run("true", comment: "x", timeout: 5) }
        #expect(sent == "SignatureDoesNotMatch")

        let stranger = try session("AKIANOBODYKNOWS00000", secret)
        #expect(code { _ = try stranger.cloud().instance(id) } == "AuthFailure")
    }
}
