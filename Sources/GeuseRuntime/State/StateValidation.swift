/// The rules that a state document keeps, checked when it is read and before it is written.
///
/// They are the rules of GeuseMaker's models where those are stricter, plus the grammars of
/// everything that this program later puts into a request or sends to a host.
enum StateValidation {
    static func check(_ document: JSONObject) throws {
        let fields = StateFields(document)
        _ = try fields.identifier("stack_name", StackName.self)
        _ = try fields.text("status")
        for name in ["vpc_id", "security_group_id"] { try fields.requireText(name) }
        _ = try fields.identifier("efs_id", FileSystemID.self)
        for name in ["efs_mount_target_id", "keypair_name", "private_ip", "n8n_url"] {
            _ = try fields.text(name)
        }
        guard try !fields.texts("subnet_ids").isEmpty else {
            throw StateProblem.field("subnet_ids", "is empty")
        }
        try checkInstance(fields)
        for name in ["created_at", "updated_at", "terminated_at"] { try fields.optionalTime(name) }
        for name in ["public_ip", "auto_scaling_group_name", "launch_template_id"] {
            _ = try fields.optionalText(name)
        }
        for name in ["efs_mount_target_ids", "migration_history"] where fields.has(name) {
            _ = try fields.texts(name)
        }
        try checkImages(fields)
        try checkConfig(try fields.object("config"))
        try checkCost(try fields.object("cost"))
        try checkSnapshots(fields)
        for record in try fields.objects("rollback_history") {
            guard RollbackRecord.Trigger(rawValue: try record.text("trigger")) != nil else {
                throw StateProblem.field(record.name("trigger"), "is no known trigger")
            }
        }
    }

    /// Only a stack that is still being made may lack its instance.
    private static func checkInstance(_ fields: StateFields) throws {
        let isPending =
            fields.document["status"]?.stringValue == "creating"
            && fields.document["resource_provenance"]?["instance"]?.stringValue == "pending"
        if isPending, try fields.text("instance_id").isEmpty { return }
        _ = try fields.identifier("instance_id", InstanceID.self)
    }

    private static func checkImages(_ fields: StateFields) throws {
        guard let images = try fields.optionalObject("container_images") else { return }
        for (service, image) in images.document.members {
            let field = images.name(service)
            do {
                _ = try ServiceName(service)
                guard let text = image.stringValue else {
                    throw StateProblem.field(field, "is not a text")
                }
                _ = try ImageReference(text)
            } catch let error as Diagnostic where error.code == "state_invalid" {
                throw error
            } catch {
                throw StateProblem.field(field, error)
            }
        }
    }

    private static func checkConfig(_ config: StateFields) throws {
        _ = try config.identifier("stack_name", StackName.self)
        guard StateLayout.tiers.contains(try config.text("tier")) else {
            throw StateProblem.field(config.name("tier"), "is none of dev, automation and gpu")
        }
        if config.has("region") { _ = try config.identifier("region", Region.self) }
        if config.has("instance_type") {
            _ = try config.identifier("instance_type", InstanceType.self)
        }
        _ = try config.optionalText("architecture")
        for name in ["use_spot", "auto_rollback_on_failure"] { try config.optionalBool(name) }
        if config.has("rollback_timeout_minutes") {
            let minutes = config.document["rollback_timeout_minutes"]?.wholeNumber
            guard let minutes, (5...60).contains(minutes) else {
                let field = config.name("rollback_timeout_minutes")
                throw StateProblem.field(field, "is not a number from 5 to 60")
            }
        }
    }

    private static func checkCost(_ cost: StateFields) throws {
        _ = try cost.text("instance_type")
        guard cost.document["is_spot"]?.boolValue != nil else {
            throw StateProblem.field(cost.name("is_spot"), "is not true or false")
        }
        for name in ["on_demand_price_per_hour", "estimated_monthly_cost"] {
            let value = cost.document[name]
            guard (value?.doubleValue ?? value?.stringValue.flatMap(Double.init)) != nil else {
                throw StateProblem.field(cost.name(name), "is not a number")
            }
        }
    }

    private static func checkSnapshots(_ fields: StateFields) throws {
        var snapshots = try fields.objects("previous_states")
        if let healthy = try fields.optionalObject("last_healthy_state") {
            snapshots.append(healthy)
        }
        for snapshot in snapshots {
            try checkConfig(try snapshot.object("config"))
            try checkImages(snapshot)
            _ = try snapshot.optionalText("status")
            try snapshot.optionalTime("created_at")
        }
    }
}
