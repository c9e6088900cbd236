import Yams

/// A compose file as `docker compose config` would understand it, as far as the sandbox needs.
struct SandboxCompose {
    /// One service.
    struct Service {
        var name: ServiceName
        /// The image after interpolation.
        var image: String
        var restartPolicy: String
        var hasHealthCheck: Bool
        /// Host paths by path in the container; only binds.
        var binds: [String: String]
        /// Its variables; those of an `env_file` are left out.
        var environment: [String: String]
        /// The services it waits for, and whether until they are healthy.
        var dependencies: [(service: ServiceName, untilHealthy: Bool)]
        /// Sum of the whole definition.
        var definition: String
    }

    var project: String
    var services: [Service]

    func service(_ name: ServiceName) -> Service? { services.first { $0.name == name } }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - environment: what variables stand for.
    /// - Throws: `Diagnostic` with code `compose_invalid`.
    init(_ bytes: [UInt8], environment: [String: String]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.invalid("it is not UTF-8")
        }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw Self.invalid("it is not valid YAML: \(error)")
        }
        guard let file = root?.mapping, let list = file["services"]?.mapping, !list.isEmpty else {
            throw Self.invalid("services must be a mapping")
        }
        let interpolation = SandboxInterpolation(environment: environment)
        project = file["name"]?.string ?? "geusemaker"
        services = try list.map { key, value in
            guard let name = key.string, ServiceName.accepts(name), let body = value.mapping else {
                throw Self.invalid("a service needs a name and a mapping")
            }
            return try Service(ServiceName(unchecked: name), body, interpolation)
        }
        for service in services {
            for dependency in service.dependencies
            where !services.contains(where: { $0.name == dependency.service }) {
                throw Self.invalid(
                    "service \(service.name) depends on undefined service \(dependency.service)"
                )
            }
        }
    }

    fileprivate static func invalid(_ detail: String) -> Diagnostic {
        Diagnostic("compose_invalid", "The compose file is not valid.", detail: detail)
    }
}

extension SandboxCompose.Service {
    fileprivate init(
        _ name: ServiceName,
        _ body: Node.Mapping,
        _ interpolation: SandboxInterpolation
    ) throws {
        self.name = name
        guard let written = body["image"]?.string else {
            throw SandboxCompose.invalid("service \(name) has neither an image nor a build context")
        }
        image = try interpolation.resolve(written)
        guard ImageReference.accepts(image) else {
            throw SandboxCompose.invalid("service \(name): invalid reference format")
        }
        restartPolicy = try interpolation.resolve(body["restart"]?.string ?? "no")
        hasHealthCheck =
            body["healthcheck"].map { $0.mapping?["disable"]?.bool != true } ?? false
        binds = [:]
        for volume in body["volumes"]?.sequence.map(Array.init) ?? [] {
            guard let (host, target) = try Self.bind(volume, interpolation) else { continue }
            binds[target] = host
        }
        environment = try Self.environment(body["environment"], interpolation)
        dependencies = try Self.dependencies(body["depends_on"])
        definition = try SandboxDigest.hex(Self.canonical(.mapping(body), interpolation))
    }

    /// The short form `HOST:CONTAINER[:OPTIONS]` or the long form with `type: bind`.
    private static func bind(
        _ volume: Node,
        _ interpolation: SandboxInterpolation
    ) throws -> (host: String, target: String)? {
        if let long = volume.mapping {
            guard long["type"]?.string == "bind", let source = long["source"]?.string,
                let target = long["target"]?.string
            else { return nil }
            return (try interpolation.resolve(source), try interpolation.resolve(target))
        }
        let parts = try interpolation.resolve(volume.string ?? "").split(separator: ":")
        guard parts.count >= 2, parts[0].hasPrefix("/") else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    /// The mapping form, or the list of `NAME=VALUE`.
    private static func environment(
        _ node: Node?,
        _ interpolation: SandboxInterpolation
    ) throws -> [String: String] {
        var variables: [String: String] = [:]
        for (key, value) in node?.mapping.map(Array.init) ?? [] {
            variables[key.string ?? ""] = try interpolation.resolve(value.scalar?.string ?? "")
        }
        for entry in node?.sequence.map(Array.init) ?? [] {
            let text = entry.string ?? ""
            guard let equals = text.firstIndex(of: "=") else { continue }
            variables[String(text[..<equals])] =
                try interpolation.resolve(String(text[text.index(after: equals)...]))
        }
        return variables
    }

    private static func dependencies(
        _ node: Node?
    ) throws -> [(service: ServiceName, untilHealthy: Bool)] {
        if let list = node?.sequence {
            return try list.map { (try ServiceName($0.string ?? ""), false) }
        }
        return try (node?.mapping.map(Array.init) ?? []).map { key, value in
            (
                try ServiceName(key.string ?? ""),
                value.mapping?["condition"]?.string == "service_healthy"
            )
        }
    }

    /// One text for one meaning: comments, quotes and layout don't count, order of keys does not either.
    private static func canonical(
        _ node: Node,
        _ interpolation: SandboxInterpolation
    ) throws -> String {
        switch node {
        case .scalar(let scalar): return "s" + (try interpolation.resolve(scalar.string)) + "\0"
        case .sequence(let list):
            return "[" + (try list.map { try canonical($0, interpolation) }.joined()) + "]"
        case .mapping(let map):
            let members = try map.map { key, value in
                (key.string ?? "", try canonical(value, interpolation))
            }
            return "{" + members.sorted { $0.0 < $1.0 }.map { "\($0.0)\0\($0.1)" }.joined() + "}"
        default: throw SandboxCompose.invalid("an alias could not be resolved")
        }
    }
}
