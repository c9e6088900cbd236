/// What a user asked an update to do, with the fields of GeuseMaker's own update request.
public struct UpdateRequest: Sendable, Equatable {
    /// The stack.
    public var deploymentName: StackName
    /// The type asked for.
    public var instanceType: InstanceType?
    /// The images asked for, by service in the order given.
    public var containerImages: [(service: ServiceName, image: ImageReference)]
    /// Whether the question is skipped.
    public var force: Bool

    /// Makes a request.
    public init(
        deploymentName: StackName,
        instanceType: InstanceType? = nil,
        containerImages: [(service: ServiceName, image: ImageReference)] = [],
        force: Bool = false
    ) {
        self.deploymentName = deploymentName
        self.instanceType = instanceType
        self.containerImages = containerImages
        self.force = force
    }

    /// Whether two requests ask the same.
    public static func == (left: UpdateRequest, right: UpdateRequest) -> Bool {
        left.json == right.json
    }

    /// The request as data.
    public var json: JSONValue {
        [
            "deployment_name": .string(deploymentName.text),
            "instance_type": instanceType.map { .string($0.text) } ?? .null,
            "container_images": .object(
                JSONObject(containerImages.map { ($0.service.text, .string($0.image.text)) })
            ),
            "force": .bool(force),
        ]
    }
}
