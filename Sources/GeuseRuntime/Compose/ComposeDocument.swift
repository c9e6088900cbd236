import Yams

/// A compose file as it stands on the host: its bytes, and where each service names its image.
public struct ComposeDocument {
    /// A service of the file.
    public struct Service: Sendable, Equatable {
        /// Its key.
        public let name: ServiceName
        /// The text of its image, variables not replaced; nil where it names none of its own.
        public let image: String?
        /// Whether it is built from source.
        public let isBuilt: Bool
    }

    /// The bytes of the file.
    public let bytes: [UInt8]
    /// Its services, in the order of the file.
    public let services: [Service]
    let root: Node

    /// Reads a file.
    ///
    /// - Parameter bytes: the whole file.
    /// - Throws: `Diagnostic` of kind refused for a file that is too large or too nested, that is not
    ///   one valid YAML document, or that has no services.
    public init(bytes: [UInt8]) throws {
        self.bytes = bytes
        root = try ComposeReader.read(bytes)
        guard let members = Self.services(of: root) else {
            throw ComposeReader.refused(
                "compose_no_services",
                "The compose file has no mapping of services."
            )
        }
        services = members.compactMap { key, value in
            guard let text = key.scalar?.string, ServiceName.accepts(text) else { return nil }
            let name = ServiceName(unchecked: text)
            let mapping = value.mapping
            return Service(
                name: name,
                image: mapping?.member("image")?.scalar?.string,
                isBuilt: mapping?.member("build") != nil
            )
        }
    }

    /// The service of that name.
    public func service(_ name: ServiceName) -> Service? { services.first { $0.name == name } }

    /// The value of a service, as written.
    func node(of service: ServiceName) -> Node? {
        Self.services(of: root)?.member(service.text)
    }

    private static func services(of root: Node) -> Node.Mapping? {
        root.mapping?.member("services")?.mapping
    }
}

extension Node.Mapping {
    /// The value of a key that is written here; merged ones are not looked at.
    func member(_ name: String) -> Node? { first { $0.key.scalar?.string == name }?.value }
}
