/// The names and their order in version 2 of the state schema.
///
/// Source: the models of GeuseMaker (`DeploymentState` and `DeploymentConfig`), which write their
/// fields in this order; a field that we add goes where they would put it.
enum StateLayout {
    static let version = 2

    static let fields = [
        "schema_version", "stack_name", "created_at", "updated_at", "status", "vpc_id",
        "subnet_ids", "security_group_id", "efs_id", "efs_mount_target_id",
        "efs_mount_target_ids", "efs_mount_target_ip", "instance_id", "keypair_name",
        "iam_role_name", "iam_role_arn", "iam_instance_profile_name",
        "iam_instance_profile_arn", "alb_arn", "alb_dns", "target_group_arn",
        "launch_template_id", "auto_scaling_group_name", "spot_event_log_group",
        "spot_event_rule_names", "spot_lease_table_name", "spot_lifecycle_hook_names",
        "spot_coordinator_function_name", "spot_coordinator_role_name", "cloudfront_id",
        "cloudfront_domain", "storage_subnet_id", "public_ip", "private_ip", "n8n_url",
        "https_enabled", "https_endpoint", "certificate_arn", "nginx_proxy_enabled",
        "rollback_history", "last_healthy_state", "previous_states", "container_images",
        "resource_provenance", "migration_history", "terminated_at", "cost", "config",
    ]

    static let config = [
        "stack_name", "tier", "workload", "instance_preference", "region", "instance_type",
        "use_spot", "budget_limit", "os_type", "architecture", "ami_type", "ami_id",
    ]

    static let snapshot = ["config", "container_images", "status", "created_at"]
    static let tiers = ["dev", "automation", "gpu"]
}
