/// The registries that the sandbox can pull from: known repositories and tags, nothing else.
enum SandboxRegistry {
    /// One tag of a repository.
    struct Entry {
        let repository: String
        let tag: String
        let platforms: [String]
        let bytes: Int
        let fate: SandboxContainer.Fate

        /// The digest of the manifest or manifest list; two names of one content share it.
        var digest: String { "sha256:" + SandboxDigest.hex("manifest \(repository):\(tag)") }

        /// The digest of one platform's manifest.
        func manifest(_ platform: String) -> String {
            "sha256:" + SandboxDigest.hex("manifest \(repository):\(tag) \(platform)")
        }

        /// The layers as they are sent; what docker needs for them is what the disk has to have.
        var compressedBytes: Int { bytes / 7 * 2 }

        /// The config digest for one platform, which docker calls the image id.
        func imageID(_ platform: String) -> String {
            "sha256:" + SandboxDigest.hex("config \(repository):\(tag) \(platform)")
        }
    }

    private struct Repository {
        let name: String
        let megabytes: Int
        /// Tags; the last of them is what `latest` means.
        let tags: [String]
        var aliases: [String: String] = [:]
        var fates: [String: SandboxContainer.Fate] = [:]
        var platforms: [String: [String]] = [:]
    }

    private static var repositories: [Repository] {
        [
            Repository(
                name: "n8nio/n8n",
                megabytes: 820,
                tags: [
                    "1.19.0", "1.19.5", "1.20.0", "1.21.1", "1.25.1", "1.64.3", "1.98.0-sick",
                    "1.99.0-crash", "1.20.0-arm64", "1.19.20240101", "1.19.20240301", "1.97.1",
                ],
                aliases: ["stable": "1.64.3", "next": "1.97.1"],
                fates: ["1.98.0-sick": .sickens, "1.99.0-crash": .crashes],
                platforms: ["1.20.0-arm64": ["arm64"]]
            ),
            Repository(
                name: "ollama/ollama",
                megabytes: 1400,
                tags: ["0.1.20", "0.1.32", "0.3.14", "0.5.7", "0.6.5"]
            ),
            Repository(
                name: "qdrant/qdrant",
                megabytes: 180,
                tags: ["v1.7.0", "v1.7.4", "v1.8.4", "v1.9.7", "v1.12.4"]
            ),
            Repository(
                name: "unclecode/crawl4ai",
                megabytes: 2100,
                tags: [
                    "basic-amd64", "2024.01.05", "2024.01.09", "0.6.0-r1", "0.6.0-r2", "0.7.0-r1",
                ],
                platforms: ["basic-amd64": ["amd64"]]
            ),
            Repository(
                name: "postgres",
                megabytes: 420,
                tags: ["15.5", "15.6", "15.8", "15.5-alpine", "16.1", "16.4", "18.0", "17.2"],
                aliases: ["15": "15.8", "16": "16.4", "17": "17.2", "edge": "18.0"]
            ),
        ]
    }

    /// The repository as Docker Hub knows it: without its host and without `library/`.
    static func canonical(_ repository: String) -> String {
        var name = repository[...]
        for prefix in ["docker.io/", "index.docker.io/", "registry-1.docker.io/"]
        where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
        }
        if name == "docker.n8n.io/n8nio/n8n" { name = "n8nio/n8n" }
        return String(name.hasPrefix("library/") ? name.dropFirst(8) : name)
    }

    /// The name under which docker keeps an image: one for all spellings of a reference.
    static func storedName(_ reference: ImageReference) -> String {
        canonical(reference.repository)
            + (reference.digest.map { "@" + $0 } ?? ":" + (reference.tag ?? "latest"))
    }

    /// What a reference names; a digest wins over a tag, as in docker, and no tag means `latest`.
    static func entry(_ reference: ImageReference) -> Entry? {
        let name = canonical(reference.repository)
        guard let repository = repositories.first(where: { $0.name == name }) else { return nil }
        if let digest = reference.digest {
            return repository.tags.map { entry(repository, $0) }.first { $0.digest == digest }
        }
        let asked = reference.tag ?? "latest"
        let tag = asked == "latest" ? repository.tags.last : repository.aliases[asked] ?? asked
        guard let tag, repository.tags.contains(tag) else { return nil }
        return entry(repository, tag)
    }

    /// The tags of a reference's repository, as a registry lists them; nil for an unknown one.
    static func tags(_ reference: ImageReference) -> [String]? {
        let name = canonical(reference.repository)
        return repositories.first { $0.name == name }
            .map { ($0.tags + $0.aliases.keys + ["latest"]).sorted() }
    }

    private static func entry(_ repository: Repository, _ tag: String) -> Entry {
        Entry(
            repository: repository.name,
            tag: tag,
            platforms: repository.platforms[tag] ?? ["amd64", "arm64"],
            bytes: repository.megabytes * 1_000_000,
            fate: repository.fates[tag] ?? .works
        )
    }
}

/// An image in the simulated docker's store, under the name it was pulled by.
struct SandboxImage: Sendable, Equatable {
    var reference = ""
    var imageID = ""
    var digest = ""
    var architecture = ""
    /// Repository and tag that it really is.
    var repository = ""
    var tag = ""
    var bytes = 0
    var fate = SandboxContainer.Fate.works

    /// What an image of PostgreSQL writes into PG_VERSION.
    var postgresMajor: String { ProgramVersion(tag)?.postgresMajor?.description ?? "" }
}

extension SandboxImage: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("reference", \.reference), .init("image_id", \.imageID),
            .init("digest", \.digest), .init("architecture", \.architecture),
            .init("repository", \.repository), .init("tag", \.tag), .init("bytes", \.bytes),
            .init("fate", \.fate),
        ]
    }
}
