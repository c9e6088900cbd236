/// What has to be known of a running stack to write a first state for it.
public struct AdoptionFacts: Sendable, Equatable {
    /// The name it gets.
    public var name: StackName
    /// The instance as EC2 shows it.
    public var instance: Instance
    /// The file system that is mounted.
    public var fileSystem: FileSystemID
    /// The mount targets of that file system.
    public var mountTargets: [MountTarget]
    /// The images of the services, in the order of the compose file.
    public var images: [Image]
    /// The region.
    public var region: Region
    /// Whether the instance and all services were seen running and healthy.
    public var isHealthy: Bool

    /// The image of one service.
    public struct Image: Sendable, Equatable {
        /// The service.
        public var service: ServiceName
        /// Its image.
        public var image: ImageReference

        /// Makes the value.
        public init(_ service: ServiceName, _ image: ImageReference) {
            self.service = service
            self.image = image
        }
    }

    /// Makes the value.
    public init(
        name: StackName,
        instance: Instance,
        fileSystem: FileSystemID,
        mountTargets: [MountTarget],
        images: [Image],
        region: Region,
        isHealthy: Bool
    ) {
        self.name = name
        self.instance = instance
        self.fileSystem = fileSystem
        self.mountTargets = mountTargets
        self.images = images
        self.region = region
        self.isHealthy = isHealthy
    }
}

extension DeploymentState {
    /// A first state for a stack that nobody has on record.
    ///
    /// Nothing is made up: what EC2 and the host do not tell is left to the defaults of GeuseMaker's
    /// model, or is zero for prices, which the schema demands.
    ///
    /// - Parameters:
    ///   - facts: what was seen.
    ///   - now: when.
    /// - Returns: a valid state with status `running` where it was seen healthy, else `failed`.
    /// - Throws: `Diagnostic` with code `adopt_fact_missing` naming what EC2 did not tell.
    public static func adopted(_ facts: AdoptionFacts, now: Timestamp) throws -> DeploymentState {
        let instance = facts.instance
        func need(_ value: String?, _ what: String) throws -> String {
            if let value, !value.isEmpty { return value }
            throw Diagnostic(
                "adopt_fact_missing",
                "The instance \(instance.id) has no \(what), which a deployment needs.",
                kind: .refused
            )
        }
        let target = try nearest(facts)
        let subnet = try need(instance.subnetID, "subnet")
        let privateIP = try need(instance.privateIP, "private address")
        let fields: [(String, JSONValue?)] = [
            ("schema_version", .int(StateLayout.version)), ("stack_name", .string(facts.name.text)),
            ("created_at", .string(now.text)), ("updated_at", .string(now.text)),
            ("status", facts.isHealthy ? "running" : "failed"),
            ("vpc_id", .string(try need(instance.vpcID, "VPC"))),
            ("subnet_ids", [.string(subnet)]),
            (
                "security_group_id",
                .string(try need(instance.securityGroupIDs.first, "security group"))
            ),
            ("efs_id", .string(facts.fileSystem.text)),
            ("efs_mount_target_id", .string(target.id)),
            ("efs_mount_target_ids", .array(facts.mountTargets.map { .string($0.id) })),
            ("efs_mount_target_ip", target.ipAddress.map { .string($0) }),
            ("instance_id", .string(instance.id.text)),
            ("keypair_name", .string(instance.keyName ?? "")),
            ("iam_instance_profile_arn", instance.instanceProfileARN.map { .string($0) }),
            ("auto_scaling_group_name", instance.autoScalingGroup.map { .string($0) }),
            ("storage_subnet_id", .string(target.subnetID)),
            ("public_ip", instance.publicIP.map { .string($0) }),
            ("private_ip", .string(privateIP)),
            // Port of n8n in GeuseMaker's compose file.
            ("n8n_url", .string("http://\(instance.publicIP ?? privateIP):5678")),
            ("https_enabled", false), ("rollback_history", []), ("previous_states", []),
            ("container_images", images(facts)),
            ("resource_provenance", provenance),
            ("migration_history", []), ("cost", cost(instance)),
            ("config", config(facts, try need(instance.architecture, "architecture"))),
        ]
        var state = try DeploymentState(
            JSONObject(fields.compactMap { name, value in value.map { (name, $0) } })
        )
        if facts.isHealthy { state.setLastHealthyState(state.snapshot()) }
        return state
    }

    /// The mount target that the instance uses: the one in its zone, or its subnet.
    private static func nearest(_ facts: AdoptionFacts) throws -> MountTarget {
        let found = facts.mountTargets.first {
            $0.subnetID == facts.instance.subnetID || $0.zone == facts.instance.zone
        }
        if let found { return found }
        throw Diagnostic(
            "adopt_fact_missing",
            "\(facts.fileSystem) has no mount target in \(facts.instance.zone), "
                + "where the instance is.",
            kind: .refused
        )
    }

    /// GeuseMaker's destroy deletes what it takes for created; of an adopted stack that is nothing.
    private static var provenance: JSONValue {
        let resources = [
            "vpc", "subnets", "security_group", "efs", "efs_mount_target", "iam_role",
            "iam_instance_profile", "instance", "key_pair",
        ]
        return .object(JSONObject(resources.map { ($0, "reused") }))
    }

    private static func images(_ facts: AdoptionFacts) -> JSONValue {
        .object(JSONObject(facts.images.map { ($0.service.text, .string($0.image.text)) }))
    }

    private static func isSpot(_ instance: Instance) -> Bool { instance.lifecycle == "spot" }

    private static func cost(_ instance: Instance) -> JSONValue {
        [
            "instance_type": .string(instance.type), "is_spot": .bool(isSpot(instance)),
            "on_demand_price_per_hour": "0", "estimated_monthly_cost": "0",
        ]
    }

    private static func config(_ facts: AdoptionFacts, _ architecture: String) -> JSONValue {
        let instance = facts.instance
        let tag = instance.tags["Tier"].flatMap { StateLayout.tiers.contains($0) ? $0 : nil }
        let tier = tag ?? (instance.autoScalingGroup == nil ? "dev" : "automation")
        return [
            "stack_name": .string(facts.name.text), "tier": .string(tier),
            "region": .string(facts.region.text), "instance_type": .string(instance.type),
            "use_spot": .bool(isSpot(instance)), "architecture": .string(architecture),
            "enable_https": false, "auto_rollback_on_failure": true,
            "rollback_timeout_minutes": 15,
        ]
    }
}
