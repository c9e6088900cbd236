/// A further file of a compose project: compose reads it after the first one and lets it have its way.
///
/// No such file is ever edited or put back. A change of image that would take that is refused.
public struct ComposeOverride: Sendable, Equatable {
    /// Absolute path of the file.
    public var path: String
    /// SHA-256 of its bytes in hexadecimal.
    public var sha256: String
    /// Its bytes, with the values of secrets masked byte for byte by `x`.
    public var bytes: [UInt8]

    /// Makes the value.
    public init(path: String, sha256: String, bytes: [UInt8]) {
        self.path = path
        self.sha256 = sha256
        self.bytes = bytes
    }

    /// Checksum and path, as a backup keeps them.
    var mark: String { "\(sha256) \(path)" }
}

extension ComposeProject {
    /// The edits of the first file that set images.
    ///
    /// - Parameters:
    ///   - images: the new image of each service.
    ///   - resolved: what `docker compose config` makes of each service's image now.
    /// - Returns: the edits, as `ComposeDocument.edits` gives them.
    /// - Throws: `Diagnostic` of kind refused, with code `compose_several_files` where a further file says
    ///   which image a service has.
    func edits(
        setting images: [ServiceName: ImageReference],
        resolved: [ServiceName: String]
    ) throws -> [ComposeEdit] {
        for override in overrides {
            guard let document = try Self.document(override) else { continue }
            let names = images.keys.filter(document.namesImage).map(\.text).sorted()
            guard names.isEmpty else { throw severalFiles(names, override) }
        }
        return try ComposeDocument(bytes: bytes).edits(setting: images, resolved: resolved)
    }

    /// What the files say as far as they can be read, the first one first.
    var documents: [ComposeDocument] {
        ([bytes] + overrides.map(\.bytes)).compactMap { try? ComposeDocument(bytes: $0) }
    }

    /// A further file may have no services at all.
    private static func document(_ override: ComposeOverride) throws -> ComposeDocument? {
        do {
            return try ComposeDocument(bytes: override.bytes)
        } catch let error as Diagnostic where error.code == "compose_no_services" {
            return nil
        }
    }

    private func severalFiles(_ names: [String], _ override: ComposeOverride) -> Diagnostic {
        Diagnostic(
            "compose_several_files",
            "The image of \(names.joined(separator: ", ")) is set by a further compose file: "
                + "\(VisibleText.filtered(override.path)).",
            detail: "Images are set in the first file alone (\(VisibleText.filtered(file))). "
                + "Nothing was touched.",
            hint: "Move the image line there, and nowhere else.",
            kind: .refused
        )
    }
}

extension ComposeDocument {
    /// Whether the file says, by itself or by what it refers to, which image a service has.
    fileprivate func namesImage(_ service: ServiceName) -> Bool {
        guard let members = node(of: service)?.mapping else { return false }
        return ["image", "<<", "extends"].contains { members.member($0) != nil }
    }
}
