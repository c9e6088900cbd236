import Testing

@testable import GeuseRuntime

@Suite struct SigV4Tests {
    static let example = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        source: "the test"
    )

    /// "get-vanilla" of the AWS Signature Version 4 test suite.
    @Test func literalSignature() throws {
        let request = HTTPRequest("GET", try HTTPURL("https://example.amazonaws.com/"))
        let time = try #require(Timestamp("2015-08-30T12:36:00Z"))
        let signed = SigV4(Self.example, region: "us-east-1", service: "service")
            .sign(request, at: time)
        #expect(
            signed.header("authorization")
                == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + "SignedHeaders=host;x-amz-date, "
                + "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        )
    }

    @Test func equalsBotocore() throws {
        let lines = try Python.output("sigv4_corpus.py", ["2400", "20261123"])
            .utf8.split(separator: 0x0A)
        #expect(lines.count == 2400)
        for line in lines {
            let wanted = try JSONParser.parse(Array(line))
            let got = try sign(wanted)
            let same =
                got.header("authorization") == wanted["authorization"]?.stringValue
                && got.header("x-amz-content-sha256") == wanted["content_sha256"]?.stringValue
                && got.header("x-amz-security-token") == wanted["token"]?.stringValue
            #expect(same, "\(String(decoding: line, as: UTF8.self))\n\(got.headers)")
            if !same { break }
        }
    }

    private func sign(_ item: JSONValue) throws -> HTTPRequest {
        func text(_ name: String) throws -> String { try #require(item[name]?.stringValue) }
        var request = HTTPRequest(try text("method"), try HTTPURL(try text("url")))
        for header in try #require(item["headers"]?.arrayValue) {
            let pair = (header.arrayValue ?? []).compactMap(\.stringValue)
            request.headers.append(HTTPHeader(pair[0], pair[1]))
        }
        let hex = Array(try text("body").utf8)
        request.body = stride(from: 0, to: hex.count, by: 2).compactMap {
            UInt8(String(decoding: hex[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        let credentials = AWSCredentials(
            accessKeyID: try text("access"),
            secretAccessKey: Secret(try text("secret")),
            sessionToken: item["token"]?.stringValue.map { Secret($0) },
            source: "the corpus"
        )
        return SigV4(
            credentials,
            region: try text("region"),
            service: try text("service"),
            style: item["s3"] == true ? .s3 : .standard
        ).sign(request, at: try #require(Timestamp(try text("date"))))
    }
}
