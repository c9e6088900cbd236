/// What a registry said of an image, as a script is told it.
struct ImageAnswer {
    private let image: RegistryImage
    private let host: HostFacts?

    /// The answer for a host, whose kind of machine the image has to be for.
    init(_ image: RegistryImage, on host: HostFacts?) {
        self.image = image
        self.host = host
    }

    /// Whether there is such an image; nil where the registry did not say.
    private var exists: Bool? {
        switch image.answer {
        case .found: true
        case .refused(let refusal) where refusal.code == DockerFailure.Kind.notFound.rawValue: false
        case .refused, .unknown: nil
        }
    }

    /// The answer as data.
    ///
    /// What speaks against a pull is what the preflight would say, so that a script that asks first plans
    /// nothing that is refused for it.
    var json: JSONValue {
        let refusal = ImageChecks.refusal(of: image, on: host)
        var why = refusal.map { [$0.summary, $0.detail].compactMap(\.self).joined(separator: " ") }
        if case .unknown(let words) = image.answer { why = words }
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        func flag(_ value: Bool?) -> JSONValue { value.map(JSONValue.bool) ?? .null }
        return [
            "image": .string(image.reference.text), "exists": flag(exists),
            "compatible": flag(image.fits), "code": text(refusal?.code), "reason": text(why),
            "digest": text(image.digest),
            "size": image.compressedBytes.map(JSONValue.int) ?? .null,
        ]
    }
}
