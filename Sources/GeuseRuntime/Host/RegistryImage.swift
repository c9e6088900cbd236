/// What a registry said of an image when the host asked: what a pull would find.
public struct RegistryImage: Sendable, Equatable {
    /// How the registry answered.
    public enum Answer: Sendable, Equatable {
        /// There is such an image.
        case found
        /// A pull would be refused; the reason has the code that the pull would have.
        case refused(Diagnostic)
        /// It could not be found out, with the reason in words.
        case unknown(String)
    }

    /// What was asked for.
    public var reference: ImageReference
    /// How the registry answered.
    public var answer: Answer
    /// The digest that the reference resolves to, of an index or of one manifest.
    ///
    /// Docker keeps it as the image's repository digest. Nil where the way to ask does not tell it.
    public var digest: String?
    /// The digest of the manifest for the host's kind of machine: it moves when what would run moves.
    public var manifest: String?
    /// The image's id, which is the digest of its configuration.
    public var imageID: String?
    /// The platforms that the image is published for, such as `linux/amd64`; empty while unknown.
    public var platforms: [String]
    /// Whether one of them is the host's; nil while unknown.
    public var fits: Bool?
    /// Bytes of its layers as they are sent, compressed; nil while unknown.
    public var compressedBytes: Int?
    /// Pulls left to the host at the registry; nil where the registry sets no limit, or does not tell.
    public var pullsLeft: Int?
    /// Whether docker has the image already.
    public var isOnHost: Bool

    /// Makes the value.
    public init(
        reference: ImageReference,
        answer: Answer,
        digest: String? = nil,
        manifest: String? = nil,
        imageID: String? = nil,
        platforms: [String] = [],
        fits: Bool? = nil,
        compressedBytes: Int? = nil,
        pullsLeft: Int? = nil,
        isOnHost: Bool = false
    ) {
        self.reference = reference
        self.answer = answer
        self.digest = digest
        self.manifest = manifest
        self.imageID = imageID
        self.platforms = platforms
        self.fits = fits
        self.compressedBytes = compressedBytes
        self.pullsLeft = pullsLeft
        self.isOnHost = isOnHost
    }

    /// What tells one content of the name from another: the host's own manifest, else the digest.
    public var content: String? { manifest ?? digest }

    /// The image as data.
    public var json: JSONValue {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        func number(_ value: Int?) -> JSONValue { value.map(JSONValue.int) ?? .null }
        return [
            "image": .string(reference.text), "digest": text(digest),
            "manifest": text(manifest), "image_id": text(imageID),
            "platforms": .array(platforms.map(JSONValue.string)),
            "compressed_bytes": number(compressedBytes), "pulls_left": number(pullsLeft),
            "on_host": .bool(isOnHost),
        ]
    }
}

/// The kind of machine in the words of images.
enum ImagePlatform {
    /// Whether one of an image's platforms is the host's.
    ///
    /// - Returns: nil where docker may take one that is another: containerd lets 386 pass for amd64 and the
    ///   32-bit variants of arm for arm64 (containerd/platforms, `platformVector`).
    static func fits(_ platforms: [String], _ architecture: String) -> Bool? {
        let isOwn = platforms.contains {
            $0 == "linux/\(architecture)" || $0.hasPrefix("linux/\(architecture)/")
        }
        guard !isOwn else { return true }
        let older = ["amd64": "linux/386", "arm64": "linux/arm"][architecture]
        let mayPass = platforms.contains { platform in
            older.map { platform == $0 || platform.hasPrefix($0 + "/") } ?? false
        }
        return mayPass ? nil : false
    }

    /// GOARCH of what `uname -m` says (docs.docker.com, "Multi-platform builds").
    static func architecture(_ machine: String) -> String {
        ["x86_64": "amd64", "aarch64": "arm64"][machine] ?? machine
    }
}
