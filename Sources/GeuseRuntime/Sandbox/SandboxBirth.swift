// How a simulated stack comes into being: as one that has run for a day.

extension SandboxWorld {
    /// Refuses what EC2 Auto Scaling would not take for a name (CreateAutoScalingGroup, API reference).
    private static func requireGroupName(_ name: String) throws {
        guard (1...255).contains(name.utf8.count),
            name.utf8.allSatisfy({ (33...126).contains($0) && $0 != UInt8(ascii: ":") })
        else {
            throw Diagnostic(
                "invalid_group_name",
                "\(VisibleText.quoted(name)) is not the name of an Auto Scaling group.",
                detail: "It is 1 to 255 ASCII characters without blanks and colons.",
                kind: .usage
            )
        }
    }

    init(_ name: StackName, _ options: SandboxOptions, at now: Timestamp) throws {
        guard let type = InstanceTypeCatalogue.facts(options.instanceType) else {
            throw Diagnostic(
                "unknown_instance_type",
                "The sandbox does not know the instance type \(options.instanceType).",
                kind: .usage
            )
        }
        self.name = name
        region = options.region
        durations = options.durations
        guard (1...1_000_000).contains(options.speed) else {
            throw Diagnostic(
                "invalid_speed",
                "The speed of a simulated stack is a number from 1 to 1000000.",
                kind: .usage
            )
        }
        speed = options.speed
        try options.autoScalingGroup.map(Self.requireGroupName)
        time = now.adding(seconds: -86400)
        guard ["a", "b", "c", "d", "e", "f"].contains(options.zoneLetter) else {
            throw Diagnostic(
                "unknown_zone",
                "\(VisibleText.quoted(options.zoneLetter)) is not the letter of a zone.",
                kind: .usage
            )
        }
        let zone = options.region.text + options.zoneLetter
        guard InstanceTypeCatalogue.isOffered(options.instanceType, zone: zone) else {
            throw Diagnostic(
                "unknown_instance_type",
                "\(options.instanceType) is not offered in \(zone).",
                kind: .usage
            )
        }
        let seed = "\(name)/\(now)"
        instance = SandboxInstance(
            id: InstanceID(unchecked: SandboxDigest.resourceID("i", seed)),
            type: options.instanceType,
            zone: zone,
            architecture: type.architectures.contains("arm64") ? "arm64" : "x86_64",
            enaSupport: type.ena != "unsupported",
            purchase: options.purchase,
            isStopProtected: options.isStopProtected,
            hasElasticIP: options.hasElasticIP,
            privateIP: "10.0.0.10",
            tags: ["Name": name.text, "Stack": name.text, "ManagedBy": "GeuseMaker"],
            vpcID: SandboxDigest.resourceID("vpc", seed),
            subnetID: SandboxDigest.resourceID("subnet", seed),
            securityGroupID: SandboxDigest.resourceID("sg", seed),
            keyName: "geusemaker-\(name)",
            instanceProfileARN:
                "arn:aws:iam::\(Sandbox.account):instance-profile/geusemaker-\(name)",
            launchTime: time
        )
        instance.tags["aws:autoscaling:groupName"] = options.autoScalingGroup
        group = options.autoScalingGroup.map {
            SandboxGroup(
                name: $0,
                maximum: 4,
                members: [
                    SandboxGroup.Member(
                        id: instance.id,
                        readyAt: time,
                        isProtected: options.isProtectedFromScaleIn
                    )
                ]
            )
        }
        instance.takeAddress()
        storage = SandboxStorage(
            id: FileSystemID(unchecked: SandboxDigest.resourceID("fs", seed)),
            targetID: SandboxDigest.resourceID("fsmt", seed),
            targetIP: "10.0.1.20",
            files: SandboxData.used,
            otherID: FileSystemID(unchecked: SandboxDigest.resourceID("fs", "other/" + seed)),
            otherFiles: SandboxData.foreign
        )
        machine.mount = SandboxMount(nil)
        machine.files = [
            SandboxMachine.environmentFile: FileBytes(
                SandboxProject.environment(hasGPU: (type.gpus ?? 0) > 0)
            ),
            SandboxMachine.composeFile: FileBytes(try Self.project(options)),
        ]
        for service in try compose().services { _ = try pull(ImageReference(service.image)) }
        _ = try up([])
        // Dependents come up when what they wait for is healthy.
        advance(to: time.adding(seconds: durations.health + 1))
        _ = try up([])
        advance(to: now)
    }

    private static func project(_ options: SandboxOptions) throws -> String {
        let known = SandboxProject.images.map(\.service)
        for service in options.images.keys where !known.contains(service.text) {
            throw Diagnostic(
                "unknown_service",
                "A sandbox stack has no service \(service).",
                detail: "Its services are \(known.joined(separator: ", ")).",
                kind: .usage
            )
        }
        return SandboxProject.composeFile { name in
            let usual = SandboxProject.images.first { $0.service == name }?.image ?? name
            return options.images[ServiceName(unchecked: name)]?.text ?? usual
        }
    }
}
