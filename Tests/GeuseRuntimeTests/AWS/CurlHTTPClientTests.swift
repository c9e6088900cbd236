import Foundation
import Testing

@testable import GeuseRuntime

/// libcurl against a server that misbehaves.
@Suite(.serialized) struct CurlHTTPClientTests {
    static let server = Result { try PythonServer("http_faults.py") }

    let port: Int
    let cancellation = Cancellation()

    init() throws { port = try Self.server.get().port }

    private func client(
        _ environment: [String: String] = [:],
        maximum: Int = 100_000
    ) -> CurlHTTPClient {
        CurlHTTPClient(
            environment: environment,
            maximumResponse: maximum,
            cancellation: cancellation
        )
    }

    private func request(_ method: String, _ path: String) throws -> HTTPRequest {
        HTTPRequest(method, try HTTPURL("http://127.0.0.1:\(port)\(path)"))
    }

    private func info() throws -> JSONValue {
        try JSONParser.parse(try client().send(try request("GET", "/info")).body)
    }

    private func count(_ path: String) throws -> Int { try info()["counts"]?[path]?.intValue ?? 0 }

    private func failure(_ client: CurlHTTPClient, _ request: HTTPRequest) -> Diagnostic? {
        #expect(throws: Diagnostic.self) { try client.send(request) }
    }

    @Test func aRequestArrivesAsItIs() throws {
        var request = try request("POST", "/a/../b%3A//c?x=%20&y")
        request.headers = [HTTPHeader("X-Empty", ""), HTTPHeader("X-Two", "a  \u{fc}")]
        request.body = Array(0...255)
        let response = try client().send(request)
        #expect(response.status == 200)
        let echo = try JSONParser.parse(response.body)
        #expect(echo["path"] == "/a/../b%3A//c?x=%20&y")
        #expect(echo["body"]?.stringValue?.unicodeScalars.map(\.value) == Array(0...255))
        let headers = (echo["headers"]?.arrayValue ?? []).compactMap(\.stringValue)
        #expect(headers.contains("X-Empty:"))
        #expect(headers.contains("Host: 127.0.0.1:\(port)"))
        #expect(headers.contains("Content-Length: 256"))
        #expect(!headers.contains { $0.lowercased().hasPrefix("expect") })
    }

    @Test func oneConnectionIsUsedAgainAndIsNotInherited() throws {
        let client = client()
        let peers = try (0..<3).map { _ in
            try JSONParser.parse(try client.send(try request("GET", "/echo")).body)["peer"]?
                .intValue
        }
        #expect(Set(peers).count == 1)
        let peer = try #require(peers[0])
        let sockets = (Int32(3)..<1024).filter { localPort($0) == peer }
        #expect(sockets.count == 1)
        #expect(sockets.allSatisfy { fcntl($0, F_GETFD) & FD_CLOEXEC != 0 })
    }

    private func localPort(_ descriptor: Int32) -> Int? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        return status == 0 && address.sin_family == sa_family_t(AF_INET)
            ? Int(UInt16(bigEndian: address.sin_port)) : nil
    }

    @Test func repliesInOtherForms() throws {
        let chunked = try client().send(try request("GET", "/chunked"))
        #expect(String(decoding: chunked.body, as: UTF8.self) == "hello world")
        #expect(try client().send(try request("GET", "/redirect")).status == 302)
        let second = try client().send(try request("GET", "/continue"))
        #expect(second.header("x-first") == nil)
        #expect(second.header("x-second") == "2")
        #expect(second.body == Array("after".utf8))
    }

    @Test(arguments: [
        ("/reset", HTTPFailure.reset), ("/truncated", HTTPFailure.reset),
        ("/slow", HTTPFailure.timeout), ("/huge", HTTPFailure.tooLarge),
        ("/many-headers", HTTPFailure.tooLarge),
    ])
    func failuresAfterSending(path: String, code: String) throws {
        var request = try request("GET", path)
        request.totalTimeout = 0.3
        let error = failure(client(), request)
        #expect(error?.code == code)
        #expect(error?.detail?.contains("may have reached") == true)
        #expect(HTTPFailure.mayHaveReachedServer(code))
    }

    @Test(arguments: [
        ("http://127.0.0.1:1", HTTPFailure.connect),
        ("http://nonexistent.invalid", HTTPFailure.resolve),
    ])
    func failuresBeforeSending(url: String, code: String) throws {
        let error = failure(client(), HTTPRequest("GET", try HTTPURL(url)))
        #expect(error?.code == code)
        #expect(error?.detail?.contains("Nothing was sent") == true)
        #expect(!HTTPFailure.mayHaveReachedServer(code))
    }

    @Test func aHeaderCannotBringAnother() throws {
        var request = try request("GET", "/echo")
        request.headers = [HTTPHeader("X", "a\r\nY: b")]
        #expect(failure(client(), request)?.code == HTTPFailure.invalid)
        request.headers = [HTTPHeader("X\r\nY", "a")]
        #expect(failure(client(), request)?.code == HTTPFailure.invalid)
    }

    @Test func cancellationEndsARequest() throws {
        let cancellation = cancellation
        let thread = Thread {
            usleep(150_000)
            cancellation.cancel()
        }
        thread.start()
        #expect(failure(client(), try request("GET", "/slow"))?.code == "interrupted")
        cancellation.shield()
        #expect(try client().send(try request("GET", "/echo")).status == 200)
    }

    /// A kept connection that closes without an answer: libcurl must not send again by itself what
    /// must not be done twice.
    @Test func aDeadConnectionAndReplay() throws {
        for isReplayable in [false, true] {
            let path = "/second-dies-\(isReplayable)"
            let client = client()
            var request = try request("POST", path)
            request.body = Array("once".utf8)
            request.isReplayable = isReplayable
            #expect(try client.send(request).status == 200)
            if isReplayable {
                #expect(try client.send(request).status == 200)
                #expect(try count(path) == 3)
            } else {
                #expect(failure(client, request)?.code == HTTPFailure.reset)
                #expect(try count(path) == 2)
            }
        }
    }

    @Test func tlsIsVerified() throws {
        let info = try info()
        let tls = try #require(info["tls"]?.intValue)
        let bundle = ["AWS_CA_BUNDLE": try #require(info["ca"]?.stringValue)]
        let request = HTTPRequest("GET", try HTTPURL("https://127.0.0.1:\(tls)/echo"))
        #expect(failure(client(), request)?.code == HTTPFailure.tls)
        #expect(try client(bundle).send(request).status == 200)
        let other = HTTPRequest("GET", try HTTPURL("https://localhost:\(tls)/echo"))
        #expect(failure(client(bundle), other)?.code == HTTPFailure.tls)
        let missing = client(["AWS_CA_BUNDLE": "/nonexistent.pem"])
        #expect(failure(missing, request)?.code == HTTPFailure.tls)
    }

    /// The peer goes away while the body is written; a SIGPIPE would end the process here.
    @Test func aBrokenPipeIsAnError() throws {
        let before = signal(SIGPIPE, SIG_DFL)
        // Threads of tests have signals blocked.
        var pipe = sigset_t()
        var mask = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_UNBLOCK, &pipe, &mask)
        defer {
            pthread_sigmask(SIG_SETMASK, &mask, nil)
            signal(SIGPIPE, before)
        }
        let info = try info()
        let tls = try #require(info["tls"]?.intValue)
        let client = client(["AWS_CA_BUNDLE": try #require(info["ca"]?.stringValue)])
        for scheme in ["http://127.0.0.1:\(port)", "https://127.0.0.1:\(tls)"] {
            var request = HTTPRequest("POST", try HTTPURL(scheme + "/deaf"))
            request.body = Array(repeating: 0x61, count: 16_000_000)
            #expect(failure(client, request)?.code == HTTPFailure.reset)
        }
    }

    @Test func proxiesAreUsed() throws {
        let info = try info()
        let tls = try #require(info["tls"]?.intValue)
        let ca = try #require(info["ca"]?.stringValue)
        let proxy = "http://127.0.0.1:\(port)"
        let plain = HTTPRequest("GET", try HTTPURL("http://nowhere.invalid/x"))
        let echo = try JSONParser.parse(try client(["HTTP_PROXY": proxy]).send(plain).body)
        #expect(echo["path"] == "http://nowhere.invalid/x")
        let excepted = client(["HTTP_PROXY": proxy, "NO_PROXY": ".invalid"])
        #expect(failure(excepted, plain)?.code == HTTPFailure.resolve)
        var direct = plain
        direct.usesProxy = false
        #expect(failure(client(["HTTP_PROXY": proxy]), direct)?.code == HTTPFailure.resolve)

        let secure = HTTPRequest("GET", try HTTPURL("https://127.0.0.1:\(tls)/echo"))
        let through = client(["https_proxy": proxy, "AWS_CA_BUNDLE": ca])
        #expect(try through.send(secure).status == 200)
        #expect(try count("CONNECT") == 1)
        let refused = HTTPRequest("GET", try HTTPURL("https://refused:1/echo"))
        let error = failure(through, refused)
        #expect(error?.code == HTTPFailure.connect)
    }
}
