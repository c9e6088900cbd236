/// The addresses of a stack and the links made from them.
extension DeploymentState {
    /// The public IPv4 address on record.
    public var publicIP: String? { text("public_ip").flatMap { $0.isEmpty ? nil : $0 } }
    /// The private IPv4 address on record.
    public var privateIP: String? { text("private_ip").flatMap { $0.isEmpty ? nil : $0 } }
    /// Where n8n answers.
    public var n8nURL: String? { text("n8n_url").flatMap { $0.isEmpty ? nil : $0 } }
    /// Where the stack answers over TLS.
    public var httpsEndpoint: String? { text("https_endpoint") }

    /// Records new addresses; a link whose host is an old one gets the new one, other links stay.
    ///
    /// A stack without a public address is reached by its private one.
    public mutating func setAddresses(publicIP: String?, privateIP: String?) {
        let old = [self.publicIP, self.privateIP].compactMap { $0 }
        let newPrivate = privateIP ?? self.privateIP
        set("public_ip", publicIP)
        set("private_ip", newPrivate ?? "")
        guard let host = publicIP ?? newPrivate else { return }
        for field in ["n8n_url", "https_endpoint"] {
            guard let url = text(field) else { continue }
            set(field, .string(Self.url(url, replacingHost: old, with: host)))
        }
    }

    /// The URL with another host if its own is one of the given; a longer address does not match.
    static func url(_ url: String, replacingHost old: [String], with new: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let end = rest.firstIndex { ":/?#".contains($0) } ?? rest.endIndex
        guard old.contains(String(rest[..<end])) else { return url }
        return url[..<scheme.upperBound] + new + rest[end...]
    }
}
