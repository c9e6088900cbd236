/// The state of a stack: the document as it was read, with typed access to what matters here.
///
/// Everything else in the document stays as it is, so that GeuseMaker finds its own fields again.
/// A value of this type has passed `StateValidation`; setters take checked types, and `bytes`
/// checks again.
public struct DeploymentState: Sendable, Equatable {
    /// How many previous states are kept, as in GeuseMaker.
    public static let keptStates = 5

    /// The whole document, in the current schema.
    public internal(set) var document: JSONObject

    /// Takes a document of any known schema.
    ///
    /// - Parameter document: what a state file holds.
    /// - Throws: `Diagnostic` with code `state_invalid` naming the field, or `state_newer_schema`.
    public init(_ document: JSONObject) throws {
        let (current, _) = try StateMigration.migrate(document)
        try StateValidation.check(current)
        self.document = current
    }

    /// The bytes of the state file, exactly as GeuseMaker's models would write them.
    public func bytes() throws -> [UInt8] {
        try StateValidation.check(document)
        return JSONWriter.bytes(.object(document), .pretty)
    }

    /// Sets a field where the schema's order has it.
    mutating func set(_ field: String, _ value: JSONValue) {
        document.set(field, value, order: StateLayout.fields)
    }

    /// Sets or, for nil, removes a text field; absent is how GeuseMaker writes "none".
    mutating func set(_ field: String, _ text: String?) {
        guard let text else {
            document[field] = nil
            return
        }
        set(field, .string(text))
    }

    func text(_ field: String) -> String? { document[field]?.stringValue }

    /// The stack's name.
    public var name: StackName { StackName(unchecked: text("stack_name") ?? "") }

    /// What the stack is doing.
    public var status: DeploymentStatus {
        get { DeploymentStatus(text("status") ?? "") }
        set { set("status", .string(newValue.description)) }
    }

    /// The instance; nil only for a stack that is still being made.
    public var instanceID: InstanceID? {
        get { text("instance_id").flatMap { try? InstanceID($0) } }
        set { set("instance_id", .string(newValue?.text ?? "")) }
    }

    /// The file system that holds the data.
    public var fileSystemID: FileSystemID { FileSystemID(unchecked: text("efs_id") ?? "") }

    /// The mount targets on record.
    public var mountTargetIDs: [String] {
        let ids = document["efs_mount_target_ids"]?.arrayValue?.compactMap(\.stringValue) ?? []
        guard ids.isEmpty, let single = text("efs_mount_target_id"), !single.isEmpty else {
            return ids
        }
        return [single]
    }

    /// The Auto Scaling group that owns the instance, if one does.
    public var autoScalingGroup: String? {
        text("auto_scaling_group_name").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The launch template of that group.
    public var launchTemplateID: String? {
        text("launch_template_id").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The images on record, by service, in the order of the file.
    public var containerImages: [(service: ServiceName, image: ImageReference)] {
        StateSnapshot.images(of: document)
    }

    /// The image on record for a service.
    public func image(of service: ServiceName) -> ImageReference? {
        containerImages.first { $0.service == service }?.image
    }

    /// Records the image of a service, a new service at the end.
    public mutating func setImage(_ service: ServiceName, _ image: ImageReference) {
        var images = document["container_images"]?.objectValue ?? JSONObject()
        images[service.text] = .string(image.text)
        set("container_images", .object(images))
    }

    /// Forgets the images of services that are no more; what else stands there stays.
    mutating func removeImages(_ names: [String]) {
        guard !names.isEmpty, var images = document["container_images"]?.objectValue else { return }
        for name in names { images[name] = nil }
        set("container_images", .object(images))
    }

    /// Takes over the images of a snapshot as a whole, in its order.
    public mutating func setImages(from snapshot: StateSnapshot) {
        set("container_images", snapshot.document["container_images"] ?? [:])
    }

    /// When the state was first written.
    public var createdAt: Timestamp? { text("created_at").flatMap(StateTime.read) }

    /// When the state was last written; saving sets it.
    public var updatedAt: Timestamp? {
        get { text("updated_at").flatMap(StateTime.read) }
        set { set("updated_at", newValue?.text) }
    }
}
