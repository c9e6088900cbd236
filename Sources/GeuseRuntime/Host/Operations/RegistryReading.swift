/// Reads what the look-ups at registries found.
enum RegistryReading {
    /// Seconds that a look-up may take altogether, as the script has it.
    private static let limit = 30

    /// The images in a payload; those that the host has nothing to say of are left out.
    static func images(_ payload: HostPayload, asked: [ImageReference]) -> [RegistryImage] {
        let machine = payload.word("machine") ?? ""
        let facts = grouped(payload)
        return asked.compactMap { image in
            facts[image.text].map { read(image, $0, on: machine) }
        }
    }

    /// The tags in a payload.
    static func tags(_ payload: HostPayload, of image: ImageReference) throws -> [String] {
        let facts = grouped(payload)[image.text] ?? [:]
        let code = facts["code"] ?? ""
        guard code == "200", let text = facts["tags"].flatMap({ HostPayload.text($0) }) else {
            if code == "curl" {
                throw unanswered(image, "There is no curl on the host, which it takes.")
            }
            if let refusal = refusal(of: image.repository, code, facts) { throw refusal }
            throw unanswered(image, why(facts))
        }
        let tags = text.split(separator: "\n").map(String.init)
        guard facts["complete"] == "yes", tags.count <= 4000 else {
            throw Diagnostic(
                "too_many_tags",
                "The registry lists more tags of \(image.repository) than are read.",
                detail: facts["complete"] == "elsewhere"
                    ? "The list goes on at an address that is no page of it."
                    : "Up to 40 pages, and up to 4000 tags that begin as asked.",
                hint: "Ask for the tags that begin with a text: geuse.tags(service, { prefix = … })"
            )
        }
        return tags
    }

    private static func unanswered(_ image: ImageReference, _ why: String) -> Diagnostic {
        Diagnostic(
            "registry_unanswered",
            "The registry of \(image.repository) did not tell its tags.",
            detail: why,
            hint: "Try again; on the host: curl -I https://REGISTRY/v2/"
        )
    }

    /// The facts by image: each a key and a word.
    private static func grouped(_ payload: HostPayload) -> [String: [String: String]] {
        var found: [String: [String: String]] = [:]
        for line in payload.all("registry") {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, let image = HostPayload.text(words[0]) else { continue }
            found[image, default: [:]][String(words[1])] = String(words[2])
        }
        return found
    }

    private static func why(_ facts: [String: String]) -> String {
        let said = facts["said"].flatMap { HostPayload.text($0) } ?? ""
        let shown = VisibleText.filtered(said)
        return facts["code"] == nil
            ? "There was no answer within \(limit) s."
            : shown.isEmpty ? "It did not say why." : shown
    }

    private static func refusal(
        of image: String,
        _ code: String,
        _ facts: [String: String]
    ) -> Diagnostic? {
        switch code {
        case "404": DockerFailure.pull(of: image, as: .notFound)
        case "401", "403": DockerFailure.pull(of: image, as: .unauthorized)
        case "429": DockerFailure.pull(of: image, as: .rateLimited)
        default: nil
        }
    }

    private static func read(
        _ reference: ImageReference,
        _ facts: [String: String],
        on machine: String
    ) -> RegistryImage {
        var image = RegistryImage(reference: reference, answer: .unknown(why(facts)))
        image.pullsLeft = facts["left"].flatMap(Int.init)
        let code = facts["code"] ?? ""
        if code == "docker" {
            // Docker's words are the only answer there is.
            let said = facts["said"].flatMap { HostPayload.text($0) } ?? ""
            let failure = DockerFailure.pull(of: reference.text, saying: said)
            if DockerFailure.isCertain(failure) { image.answer = .refused(failure) }
            return image
        }
        guard code == "200" else {
            if let refusal = refusal(of: reference.text, code, facts) {
                image.answer = .refused(refusal)
            }
            return image
        }
        image.answer = .found
        image.digest = facts["digest"]
        let local = facts["local"].flatMap { HostPayload.text($0) }
            .flatMap { try? JSONParser.parse($0) }
        let architecture = ImagePlatform.architecture(machine)
        if let verbose = facts["verbose"] {
            DockerManifests(verbose)?.describe(&image, for: architecture)
            image.isOnHost =
                local?["id"]?.stringValue != nil && local?["id"]?.stringValue == image.imageID
        } else {
            RegistryManifests(facts).describe(&image, for: architecture)
            image.isOnHost = local != nil
            if let local {
                image.imageID = image.imageID ?? local["id"]?.stringValue
                if image.platforms.isEmpty, let own = local["arch"]?.stringValue {
                    image.platforms = ["linux/\(own)"]
                }
            }
        }
        if !image.platforms.isEmpty {
            image.fits = ImagePlatform.fits(image.platforms, architecture)
        }
        return image
    }
}
