/// Pulling images.
struct PullOperation {
    let images: [ImageReference]
    let limit: Double

    var script: HostOperationScript {
        HostOperationScript(
            parts: [HostScript.containers, HostScript.pull],
            values: [
                ("G_LIMIT", .text(String(Int(limit.rounded(.up))))),
                ("G_IMAGES", .words(images.map { [$0.text] })),
            ]
        )
    }

    /// The images in a payload, checked against the host's architecture.
    func read(_ payload: HostPayload) throws -> [PulledImage] {
        guard let machine = payload.word("machine") else { throw HostFailure.incomplete("pull") }
        var majors: [String: ProgramVersion] = [:]
        for line in payload.all("major") {
            let words = line.split(separator: " ")
            guard words.count == 2, let text = HostPayload.text(words[0]) else { continue }
            majors[text] = ProgramVersion(String(words[1]))
        }
        let versions = payload.rows("version", columns: 2).filter { $0.count == 2 }
        let pulled = try payload.all("pulled").map { line in
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let text = HostPayload.text(words[0]),
                let json = try? JSONParser.parse(String(words[1])),
                let id = json["id"]?.stringValue
            else { throw HostFailure.incomplete("pull") }
            var image = PulledImage(
                reference: try ImageReference(text),
                imageID: id,
                digest: ServiceReading.digest(ServiceReading.strings(json["digests"]), of: text),
                architecture: json["arch"]?.stringValue
            )
            image.postgresMajor = majors[text]
            image.version = versions.first { $0[0] == text }?[1]
            return image
        }
        guard pulled.map(\.reference) == images else { throw HostFailure.incomplete("pull") }
        for image in pulled { try Self.check(image, on: machine) }
        return pulled
    }

    /// An image for another processor is pulled without a word where its manifest is not a list.
    private static func check(_ image: PulledImage, on machine: String) throws {
        let expected = ImagePlatform.architecture(machine)
        guard ["amd64", "arm64"].contains(expected), let architecture = image.architecture,
            architecture != expected
        else { return }
        throw Diagnostic(
            "image_wrong_architecture",
            "Image \(image.reference) is for \(architecture), the host is \(machine).",
            detail: "It was pulled, and nothing else changed.",
            hint: "Choose a tag that is published for \(expected).",
            kind: .refused
        )
    }
}
