/// Where the state file and reality differ, field by field.
///
/// Only what both tell is compared: GeuseMaker leaves fields out, or writes other things into them, and a
/// reply of AWS may not have them.
struct StackDrift {
    /// What was compared, in words, in the order of the rows.
    private(set) var compared: [String] = []
    /// The differences, one line each.
    private(set) var rows: [String] = []

    init(_ recorded: RecordedStack, _ facts: LiveFacts) {
        let instance = facts.instance
        compare("instance type", recorded.instanceType, instance.type)
        compared.append("status")
        if recorded.status != "running" {
            rows.append("status: recorded \(VisibleText.filtered(recorded.status))")
        }
        if recorded.status == "running", instance.state != .running {
            rows.append("instance: recorded running, is \(instance.state.rawValue)")
        }
        addresses(recorded, instance)
        compare("VPC", recorded.vpcID, instance.vpcID)
        compare("security group", recorded.securityGroupID, among: instance.securityGroupIDs)
        compare("architecture", recorded.architecture, instance.architecture)
        compare(
            "Auto Scaling group",
            recorded.autoScalingGroup,
            instance.autoScalingGroup ?? "none"
        )
        if facts.mountTargetsError == nil {
            for id in recorded.mountTargetIDs {
                compare("mount target", id, among: facts.mountTargets.map(\.id))
            }
        }
        services(recorded, facts.host?.services ?? [])
        for name in StackDescription.gone(recorded.images.keys, facts) {
            let image = VisibleText.filtered(recorded.images[name] ?? "")
            rows.append(
                "\(VisibleText.filtered(name)): recorded \(image), is not in the compose file any more"
            )
        }
    }

    private mutating func compare(_ name: String, _ recorded: String?, _ found: String?) {
        compare(name, recorded, among: found.map { [$0] } ?? [])
    }

    /// One of several; none are no answer.
    private mutating func compare(_ name: String, _ recorded: String?, among found: [String]) {
        guard let recorded, !found.isEmpty else { return }
        note(name)
        guard !found.contains(recorded) else { return }
        rows.append(
            "\(name): recorded \(VisibleText.filtered(recorded)), is "
                + found.map { VisibleText.filtered($0) }.joined(separator: ", ")
        )
    }

    private mutating func note(_ name: String) {
        if !compared.contains(name) { compared.append(name) }
    }

    private mutating func addresses(_ recorded: RecordedStack, _ instance: Instance) {
        compare("public address", recorded.publicIP, instance.publicIP ?? "none")
        compare("private address", recorded.privateIP, instance.privateIP)
        // A name may lead anywhere, and what the public address says need not be said twice.
        let live = [instance.publicIP, instance.privateIP].compactMap { $0 }
        if let host = recorded.n8nAddress {
            guard host != recorded.publicIP, host != recorded.privateIP else {
                return note("address of n8n_url")
            }
            compare("address of n8n_url", host, among: live)
        }
    }

    private mutating func services(_ recorded: RecordedStack, _ services: [ServiceFacts]) {
        if !services.isEmpty { note("images") }
        for service in services {
            let image = recorded.images[service.name.text]
            if let image, image != service.configuredImage {
                rows.append(
                    "\(service.name): recorded \(VisibleText.filtered(image)), is "
                        + VisibleText.filtered(service.configuredImage)
                )
            }
            // A file that was edited and never brought up shows only here.
            if let running = service.image, running != service.configuredImage {
                rows.append(
                    "\(service.name): the compose file says "
                        + "\(VisibleText.filtered(service.configuredImage)), what runs was made from "
                        + VisibleText.filtered(running)
                )
            }
        }
    }
}

extension RecordedStack {
    /// Fields of a state file that are only compared where they hold what they are for.
    mutating func takePlace(of state: DeploymentState) {
        func text(_ field: String, startingWith prefix: String) -> String? {
            state.document[field]?.stringValue.flatMap { $0.hasPrefix(prefix) ? $0 : nil }
        }
        privateIP = state.privateIP
        n8nAddress = state.n8nURL.flatMap(Self.address)
        vpcID = text("vpc_id", startingWith: "vpc-")
        securityGroupID = text("security_group_id", startingWith: "sg-")
        let known = ["x86_64", "arm64"]
        architecture = state.config.document["architecture"]?.stringValue
            .flatMap { known.contains($0) ? $0 : nil }
        autoScalingGroup = state.autoScalingGroup
        mountTargetIDs = state.mountTargetIDs.filter { $0.hasPrefix("fsmt-") }
        if let single = text("efs_mount_target_id", startingWith: "fsmt-"),
            !mountTargetIDs.contains(single)
        {
            mountTargetIDs.append(single)
        }
    }

    /// The links' and the instance's public address are not what is recorded, and nobody says so.
    mutating func forgetAddress() {
        publicIP = nil
        n8nAddress = nil
    }

    /// The host of a URL where it is an IPv4 address.
    private static func address(_ url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let host = String(url[scheme.upperBound...].prefix { !":/?#".contains($0) })
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil } ? host : nil
    }
}
