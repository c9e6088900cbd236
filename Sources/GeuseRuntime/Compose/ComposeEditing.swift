import Yams

extension ComposeDocument {
    /// The edits that set images, one scalar a service, every other byte kept.
    ///
    /// - Parameters:
    ///   - images: the new image of each service.
    ///   - resolved: what `docker compose config` makes of each service's image now.
    /// - Returns: the edits in the order of the file; a service that has its image already has none.
    /// - Throws: `Diagnostic` of kind refused, when a service is unknown or its image can't be set by
    ///   an edit of its own scalar alone.
    public func edits(
        setting images: [ServiceName: ImageReference],
        resolved: [ServiceName: String]
    ) throws -> [ComposeEdit] {
        var edits: [ComposeEdit] = []
        var values: [ServiceName: String] = [:]
        for name in images.keys.sorted(by: { $0.text < $1.text }) {
            guard let image = images[name] else { continue }
            if node(of: name) == nil, resolved[name] != nil { throw ComposeRefusal.elsewhere(name) }
            let scalar = try ownImage(of: name)
            let text = try newText(scalar.string, name, image, resolved[name])
            guard text != scalar.string else { continue }
            edits.append(try edit(scalar, of: name, to: text))
            values[name] = text
        }
        edits.sort { $0.offset < $1.offset }
        try verify(edits, values)
        return edits
    }

    /// Makes edits in the bytes of a file.
    ///
    /// - Parameters:
    ///   - edits: what to replace; no two may overlap.
    ///   - bytes: the file.
    /// - Returns: the bytes with all edits made.
    /// - Throws: `Diagnostic` with code `compose_changed` when the old bytes are not where an edit
    ///   says.
    public static func apply(_ edits: [ComposeEdit], to bytes: [UInt8]) throws -> [UInt8] {
        var result = bytes
        var limit = bytes.count
        for edit in edits.sorted(by: { $0.offset > $1.offset }) {
            let old = Array(edit.old.utf8)
            let end = edit.offset + old.count
            guard edit.offset >= 0, end <= limit, Array(bytes[edit.offset..<end]) == old else {
                throw ComposeReader.refused(
                    "compose_changed",
                    "The compose file is not the one that the edit was made for.",
                    detail: "Service \(edit.service): its image is not at byte \(edit.offset).",
                    hint: "Run the command again; it reads the file anew."
                )
            }
            result.replaceSubrange(edit.offset..<end, with: Array(edit.new.utf8))
            limit = edit.offset
        }
        return result
    }

    /// The text that the scalar has to have.
    private func newText(
        _ text: String,
        _ name: ServiceName,
        _ image: ImageReference,
        _ resolved: String?
    ) throws -> String {
        guard let template = ImageTemplate(text) else {
            throw ComposeRefusal.unreadable(name, text)
        }
        guard !template.isLiteral else {
            guard resolved == nil || resolved == text else {
                throw ComposeRefusal.overridden(name, text, resolved)
            }
            return image.text
        }
        guard let resolved else { throw ComposeRefusal.unresolved(name, text, nil) }
        guard resolved != image.text else { return text }
        do {
            return try ImageRewrite.text(text, resolved: resolved, image: image.text)
        } catch .unexplained {
            throw ComposeRefusal.unresolved(name, text, resolved)
        } catch .variables(let variables) {
            throw ComposeRefusal.variable(name, text, variables, image)
        }
    }

    private func edit(
        _ scalar: Node.Scalar,
        of name: ServiceName,
        to text: String
    ) throws -> ComposeEdit {
        guard let span = ScalarSpan(of: scalar, in: bytes) else {
            throw ComposeRefusal.layout(name)
        }
        let old = String(decoding: bytes[span.range], as: UTF8.self)
        // Escapes would shift every offset inside the text; without variables all of it goes.
        guard old == scalar.string || ImageTemplate(scalar.string)?.isLiteral == true else {
            throw ComposeRefusal.layout(name)
        }
        let isBare = span.quote == nil && !Self.isPlainString(text)
        return ComposeEdit(
            service: name,
            offset: span.range.lowerBound,
            old: old,
            new: isBare ? "\"\(text)\"" : text
        )
    }

    /// Whether an unquoted text is read as a string by every YAML version.
    ///
    /// The grammar of images leaves only words and numbers to mistake: a text that begins with a
    /// letter, or has a slash, is neither (YAML 1.1 types bool, null, int, float, timestamp).
    private static func isPlainString(_ text: String) -> Bool {
        let words = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
        guard let first = text.utf8.first, !words.contains(text.lowercased()) else { return false }
        return Grammar.isLetter(first) || text.contains("/") || first == UInt8(ascii: "$")
    }

    /// Reads the edited file again: nothing but these scalars may differ.
    private func verify(_ edits: [ComposeEdit], _ values: [ServiceName: String]) throws {
        guard !edits.isEmpty else { return }
        let edited = try ComposeReader.read(Self.apply(edits, to: bytes))
        let comparison = TreeComparison(values: values)
        guard comparison.isSame(root, edited, path: []) else {
            throw ComposeReader.refused(
                "compose_edit_unsafe",
                "The edit would change more of the compose file than the image.",
                detail: "Services: \(edits.map(\.service.text).joined(separator: ", ")).",
                hint: "Set the image in the file by hand."
            )
        }
    }
}
