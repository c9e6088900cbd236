/// What a refused pull means.
///
/// The docker command gives no code, only text; so this is the one place that reads it. The words
/// are those of the distribution registry's error codes (distribution spec, "Error Codes") and of
/// moby's own messages, which it passes on unchanged.
enum DockerFailure {
    /// What a registry's status says as certainly as docker's words do.
    enum Kind: String {
        /// 404, NAME_UNKNOWN or MANIFEST_UNKNOWN.
        case notFound = "image_not_found"
        /// 401 with a token, or 403.
        case unauthorized = "image_unauthorized"
        /// 429.
        case rateLimited = "image_rate_limited"
        /// No manifest for the host's kind of machine.
        case wrongArchitecture = "image_wrong_architecture"
        /// The host's disk.
        case diskFull = "host_disk_full"
    }

    private struct Class {
        var words: [String]
        var code: String
        var summary: String
        var hint: String
    }

    private static let classes = [
        Class(
            words: ["toomanyrequests", "too many requests"],
            code: "image_rate_limited",
            summary: "The registry limits how often images are pulled",
            hint: "Wait, or log in to the registry on the host with `docker login`."
        ),
        Class(
            words: ["no space left on device"],
            code: "host_disk_full",
            summary: "The host's disk has no room",
            hint: "Free space on the host, for example with `docker image prune`."
        ),
        Class(
            words: ["no matching manifest", "no match for platform"],
            code: "image_wrong_architecture",
            summary: "The image is not published for the host's architecture",
            hint: "Choose a tag that is published for it."
        ),
        Class(
            words: ["manifest unknown", "no such manifest", "manifest for", ": not found"],
            code: "image_not_found",
            summary: "The registry has no such image",
            hint: "Check the repository and the tag."
        ),
        // Hub answers so for a repository that does not exist, too, and can't be told apart.
        Class(
            words: [
                "unauthorized", "pull access denied", "access denied", "requested access",
                "no basic auth credentials",
            ],
            code: "image_unauthorized",
            summary: "The registry refuses the host, or has no such repository",
            hint: "Check the name; for a private repository run `docker login` on the host."
        ),
    ]

    /// The error for a pull that would fail.
    static func pull(of image: String, as kind: Kind, detail: String? = nil) -> Diagnostic {
        let known = classes.first { $0.code == kind.rawValue }
        return Diagnostic(
            kind.rawValue,
            (known?.summary ?? "") + ": " + VisibleText.filtered(image) + ".",
            detail: detail,
            hint: known?.hint,
            kind: .refused
        )
    }

    /// Whether a pull's failure is an answer of the registry, and not of the way to it.
    static func isCertain(_ failure: Diagnostic) -> Bool {
        classes.contains { $0.code == failure.code } && failure.code != Kind.diskFull.rawValue
    }

    /// The error for a pull that failed.
    static func pull(of image: String, saying text: String) -> Diagnostic {
        let words = text.lowercased()
        let known = classes.first { $0.words.contains { words.contains($0) } }
        return Diagnostic(
            known?.code ?? "image_pull_failed",
            (known?.summary ?? "The image could not be pulled") + ": " + VisibleText.filtered(image)
                + ".",
            detail: text.isEmpty ? nil : text,
            hint: known?.hint ?? "Nothing that runs was changed. Try `docker pull` on the host.",
            kind: .refused
        )
    }
}
