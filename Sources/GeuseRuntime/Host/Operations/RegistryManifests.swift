/// The manifests that a registry gave (OCI image specification, "Image Index" and "Image Manifest"; the
/// docker formats have the same members).
struct RegistryManifests {
    /// The document that the reference leads to, as its bytes.
    private let top: [UInt8]?
    /// The host's own manifest, where that is another one.
    private let own: [UInt8]?
    /// The platform that the configuration names, where there is no index to tell it.
    private let platform: String?

    init(_ facts: [String: String]) {
        top = facts["manifest"].flatMap { Base64Text.decode($0) }
        own = facts["own"].flatMap { Base64Text.decode($0) }
        platform = facts["platform"]
    }

    func describe(_ image: inout RegistryImage, for architecture: String) {
        guard let top, let json = try? JSONParser.parse(top) else { return }
        let digest = "sha256:" + Digest.sha256Hex(top)
        // A registry that names one content and sends another is not believed.
        guard image.digest == nil || image.digest == digest else { return }
        image.digest = digest
        guard let entries = json["manifests"]?.arrayValue else {
            image.manifest = digest
            if let platform, platform.count > 3, !platform.hasSuffix("/"), !platform.hasPrefix("/")
            {
                image.platforms = [platform]
            }
            Self.measure(json, &image)
            return
        }
        image.platforms = entries.compactMap { Self.platform($0["platform"]) }
        let entry = entries.first {
            $0["platform"]?["os"]?.stringValue == "linux"
                && $0["platform"]?["architecture"]?.stringValue == architecture
        }
        // An entry that names no platform may be for any.
        if entry == nil, entries.contains(where: { $0["platform"]?.objectValue == nil }) {
            image.platforms = []
        }
        guard let wanted = entry?["digest"]?.stringValue else { return }
        image.manifest = wanted
        guard let own, "sha256:" + Digest.sha256Hex(own) == wanted,
            let json = try? JSONParser.parse(own)
        else { return }
        Self.measure(json, &image)
    }

    /// `os/architecture`, with the variant where there is one; nil for what is no image, such as an
    /// attestation (`unknown/unknown`).
    static func platform(_ json: JSONValue?) -> String? {
        guard let system = json?["os"]?.stringValue, system != "unknown",
            let architecture = json?["architecture"]?.stringValue
        else { return nil }
        return ([system, architecture] + [json?["variant"]?.stringValue].compactMap { $0 })
            .map { VisibleText.filtered($0) }.joined(separator: "/")
    }

    /// The sum of the layers, and the configuration's digest.
    static func measure(_ json: JSONValue, _ image: inout RegistryImage) {
        image.imageID = json["config"]?["digest"]?.stringValue
        guard let layers = json["layers"]?.arrayValue else { return }
        let sizes = layers.compactMap { $0["size"]?.intValue }
        guard sizes.count == layers.count, sizes.allSatisfy({ (0...(1 << 42)).contains($0) }) else {
            return
        }
        image.compressedBytes = sizes.reduce(0, +)
    }
}

/// What `docker manifest inspect --verbose` prints: one object, or a list of them with one a platform.
struct DockerManifests {
    private let entries: [JSONValue]
    private let isList: Bool

    /// Reads base64; nil for what is none.
    init?(_ base64: String) {
        guard let bytes = Base64Text.decode(base64), let json = try? JSONParser.parse(bytes) else {
            return nil
        }
        isList = json.arrayValue != nil
        entries = json.arrayValue ?? [json]
    }

    func describe(_ image: inout RegistryImage, for architecture: String) {
        let platforms = entries.map { RegistryManifests.platform($0["Descriptor"]?["platform"]) }
        image.platforms = platforms.compactMap { $0 }
        let index = platforms.firstIndex {
            $0 == "linux/\(architecture)" || $0?.hasPrefix("linux/\(architecture)/") == true
        }
        guard let index else { return }
        let own = entries[index]
        image.manifest = own["Descriptor"]?["digest"]?.stringValue
        // Of a list docker does not tell the digest.
        if !isList { image.digest = image.manifest }
        guard let json = own["SchemaV2Manifest"] ?? own["OCIManifest"] else { return }
        RegistryManifests.measure(json, &image)
    }
}
