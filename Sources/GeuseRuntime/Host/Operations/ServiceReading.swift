/// Joins the services that compose knows with the containers and images that docker knows.
enum ServiceReading {
    /// The services in a payload, in compose's order.
    static func services(_ payload: HostPayload) -> [ServiceFacts] {
        let images = payload.objects("image")
        let local = localImages(payload)
        let containers = payload.objects("container").filter {
            $0["oneoff"]?.stringValue?.lowercased() != "true"
        }
        let devices = devices(payload)
        let finished = Set(payload.all("finished").map(String.init))
        let unwanted = Set(payload.rows("unwanted", columns: 1).flatMap(\.self))
        let awaited = Set(payload.rows("awaited", columns: 1).flatMap(\.self))
        let differing = payload.rows("differs", columns: 2)
        return payload.all("service").compactMap { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard let text = words.first.flatMap({ HostPayload.text($0) }),
                ServiceName.accepts(text)
            else { return nil }
            let configured = words.dropFirst().first.flatMap { HostPayload.text($0) } ?? ""
            let own = containers.filter { $0["service"]?.stringValue == text }
                .map { container in
                    var one = facts(text, configured, container, images, devices)
                    one.hasFinished =
                        one.state == "exited" && one.exitCode == 0
                        && Self.endsForGood.contains(container["policy"]?.stringValue ?? "")
                        && one.containerID.map(finished.contains) == true
                    one.isUnwanted = unwanted.contains(text)
                    return one
                }
            // Of several containers the one that is not well tells the service's state.
            var found =
                own.first { !$0.isWell } ?? own.first
                ?? ServiceFacts(name: ServiceName(unchecked: text), configuredImage: configured)
            found.isUnwanted = unwanted.contains(text)
            found.isAwaited = awaited.contains(text)
            found.local = local[configured] ?? .unknown
            found.differences = differing.filter { $0[0] == text }.map { $0[1] }
            return found
        }
    }

    /// The restart policies under which docker leaves a container alone that ended with 0.
    private static let endsForGood: Set<String> = ["", "no", "on-failure"]

    /// What docker has under the names of the file, `none` where it has nothing; a host that does not tell
    /// leaves it open.
    private static func localImages(
        _ payload: HostPayload
    ) -> [String: ServiceFacts.LocalImage] {
        Dictionary(
            payload.rows("local", columns: 2).map { row in
                (row[0], row[1] == "none" ? .missing : .image(row[1]))
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// What a volume's driver mounts there, by docker's own path of the volume.
    private enum Device {
        case bound(String)
        case network
    }

    private static func devices(_ payload: HostPayload) -> [String: Device] {
        var devices: [String: Device] = [:]
        for line in payload.all("device") {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, let place = HostPayload.text(words[0]),
                let device = HostPayload.text(words[2])
            else { continue }
            devices[place] = words[1] == "bind" ? .bound(device) : .network
        }
        return devices
    }

    private static func facts(
        _ name: String,
        _ configured: String,
        _ container: JSONValue,
        _ images: [JSONValue],
        _ devices: [String: Device]
    ) -> ServiceFacts {
        let state = container["state"]?.stringValue
        let imageID = container["imageID"]?.stringValue
        let image = container["image"]?.stringValue
        let digests = images.first { $0["id"]?.stringValue == imageID }?["digests"]
        var mounts: [String: String] = [:]
        var volumes: [String] = []
        var networkVolumes: [String] = []
        for mount in container["mounts"]?.arrayValue ?? [] {
            guard let target = mount["Destination"]?.stringValue else { continue }
            switch mount["Type"]?.stringValue {
            case "bind": mounts[target] = mount["Source"]?.stringValue
            case "volume":
                switch mount["Source"]?.stringValue.flatMap({ devices[$0] }) {
                case .bound(let path): mounts[target] = path
                case .network: networkVolumes.append(target)
                case nil: volumes.append(target)
                }
            default: break
            }
        }
        var facts = ServiceFacts(
            name: ServiceName(unchecked: name),
            configuredImage: configured,
            containerID: container["id"]?.stringValue,
            image: image,
            imageID: imageID,
            digest: digest(strings(digests), of: image ?? configured),
            state: state,
            health: container["health"]?.stringValue.flatMap(ServiceFacts.Health.init) ?? .none,
            restarts: container["restarts"]?.intValue ?? 0,
            exitCode: state == "running" ? nil : container["exit"]?.intValue,
            startedAt: container["started"]?.stringValue,
            mounts: mounts
        )
        facts.hasImage =
            imageID.map { id in images.contains { $0["id"]?.stringValue == id } } ?? false
        facts.volumes = volumes.sorted()
        facts.networkVolumes = networkVolumes.sorted()
        return facts
    }

    static func strings(_ value: JSONValue?) -> [String] {
        value?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// The digest under which an image's repository knows it; an image may carry several.
    static func digest(_ digests: [String], of image: String) -> String? {
        let repository = familiar(ImageReference(unchecked: image).repository)
        let parts = digests.map { $0.split(separator: "@", maxSplits: 1).map(String.init) }
            .filter { $0.count == 2 }
        let own = parts.first { familiar($0[0]) == repository }
        return (own ?? (parts.count == 1 ? parts.first : nil))?[1]
    }

    /// Docker Hub's names without what docker adds (distribution/reference, FamiliarName).
    private static func familiar(_ repository: String) -> String {
        var name = repository[...]
        for prefix in ["docker.io/", "index.docker.io/"] where name.hasPrefix(prefix) {
            name = name.dropFirst(prefix.count)
        }
        return String(name.hasPrefix("library/") ? name.dropFirst(8) : name)
    }
}
