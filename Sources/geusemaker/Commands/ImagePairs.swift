import GeuseRuntime

/// Reads `SERVICE=IMAGE` words, each service once.
enum ImagePairs {
    static func parse(
        _ words: [String]
    ) throws -> [(service: ServiceName, image: ImageReference)] {
        var pairs: [(service: ServiceName, image: ImageReference)] = []
        for word in words {
            guard let equals = word.firstIndex(of: "=") else {
                throw Diagnostic(
                    "invalid_image_option",
                    "\(VisibleText.quoted(word)) is not SERVICE=IMAGE.",
                    hint: "For example: --image n8n=n8nio/n8n:1.20.0",
                    kind: .usage
                )
            }
            let service = try ServiceName(String(word[..<equals]))
            let image = try ImageReference(String(word[word.index(after: equals)...]))
            guard !pairs.contains(where: { $0.service == service }) else {
                throw Diagnostic(
                    "service_given_twice",
                    "An image for \(service) was given twice.",
                    hint: "Give each service once.",
                    kind: .usage
                )
            }
            pairs.append((service, image))
        }
        return pairs
    }

    /// The images that a script's arguments name as `--image SERVICE=IMAGE`.
    ///
    /// A guess at what the script will ask for: a wrong one costs a look-up that nobody uses.
    static func named(in words: [String]) -> [ImageReference] {
        zip(words, words.dropFirst()).compactMap { option, value in
            guard option == "--image", let equals = value.firstIndex(of: "=") else { return nil }
            return try? ImageReference(String(value[value.index(after: equals)...]))
        }
    }
}
