/// The text of a request that SigV4 signs.
struct CanonicalRequest {
    /// The canonical request.
    let text: String
    /// The names of the signed headers, joined by semicolons.
    let signedHeaders: String

    /// Headers that a proxy or the connection may change (botocore, SIGNED_HEADERS_BLACKLIST).
    private static let unsigned: Set<String> = [
        "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
        "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    ]

    init(_ request: HTTPRequest, style: SigV4.Style, bodyDigest: String) {
        var values: [String: [String]] = [:]
        for header in request.headers {
            let name = header.name.lowercased()
            guard !Self.unsigned.contains(name) else { continue }
            values[name, default: []].append(Self.folded(header.value))
        }
        if values["host"] == nil { values["host"] = [request.url.authority] }
        let names = values.keys.sorted(by: Self.isBefore)
        signedHeaders = names.joined(separator: ";")
        let lines = names.map { "\($0):\((values[$0] ?? []).joined(separator: ","))\n" }
        text = [
            request.method, Self.path(request.url.path, style), Self.query(request.url.query),
            lines.joined(), signedHeaders, bodyDigest,
        ].joined(separator: "\n")
    }

    /// A header value without outer space and with runs of space made one.
    private static func folded(_ value: String) -> String {
        value.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
            .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    /// The path without empty and dot segments, encoded once more than on the wire; S3 takes it as is.
    private static func path(_ path: String, _ style: SigV4.Style) -> String {
        guard style == .standard else { return path }
        guard !path.isEmpty else { return "/" }
        var kept: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = kept.popLast() } else { kept.append(segment) }
        }
        let end = path.hasSuffix("/") && !kept.isEmpty ? "/" : ""
        return PercentEncoding.encode("/" + kept.joined(separator: "/") + end, keeping: "/")
    }

    /// The pairs of the query as on the wire, sorted by name and then by value, each with its `=`.
    private static func query(_ query: String) -> String {
        guard !query.isEmpty else { return "" }
        let pairs = query.split(separator: "&", omittingEmptySubsequences: false).map { pair in
            let parts = pair.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
        return pairs.sorted { $0.0 == $1.0 ? isBefore($0.1, $1.1) : isBefore($0.0, $1.0) }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// Order by code point, which for UTF-8 is the order of the bytes; Swift's own is by grapheme.
    private static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
