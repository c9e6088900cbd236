import Testing

@testable import GeuseRuntime

@Suite("Where the state file and what is there differ is told field by field")
struct StackDriftTests {
    private let fixture: StackFixture

    init() throws { fixture = try StackFixture() }

    private func drift(_ change: (inout JSONObject) -> Void) throws -> StackDrift {
        var document = try fixture.loaded().state.document
        change(&document)
        let target = try StackTarget(DeploymentState(document), directory: fixture.directory)
        return StackDrift(target.recorded, try fixture.facts())
    }

    private func names(_ change: (inout JSONObject) -> Void) throws -> [String] {
        try drift(change).rows.map { String($0.prefix { $0 != ":" }) }
    }

    @Test("a file that says what is there has no rows, and it is said what was compared")
    func none() throws {
        let drift = try drift { _ in }
        #expect(drift.rows.isEmpty)
        #expect(
            drift.compared == [
                "instance type", "status", "public address", "private address",
                "address of n8n_url", "VPC", "security group", "architecture",
                "mount target", "images",
            ]
        )
    }

    @Test(
        "each field has a row of its own",
        arguments: [
            ("public_ip", "198.51.100.9", "public address"),
            ("private_ip", "10.255.255.9", "private address"),
            ("n8n_url", "http://198.51.100.9:5678/", "address of n8n_url"),
            ("efs_mount_target_id", "fsmt-0fedcba9876543210", "mount target"),
            ("vpc_id", "vpc-0fedcba9876543210", "VPC"),
            ("security_group_id", "sg-0fedcba9876543210", "security group"),
            ("auto_scaling_group_name", "asg-other", "Auto Scaling group"),
        ]
    )
    func fields(_ field: String, _ value: String, _ name: String) throws {
        let rows = try names { $0[field] = .string(value) }
        // The link still has the address that the file no longer says.
        #expect(rows.filter { $0 != "address of n8n_url" || name == $0 } == [name])
    }

    @Test("so have the lists and what the configuration says")
    func others() throws {
        let lists = try names { $0["efs_mount_target_ids"] = ["fsmt-0fedcba9876543210"] }
        #expect(lists == ["mount target"])
        func configured(_ field: String, _ value: JSONValue) throws -> [String] {
            try names { document in
                var config = document["config"]?.objectValue ?? JSONObject()
                config[field] = value
                document["config"] = .object(config)
            }
        }
        #expect(try configured("architecture", "arm64") == ["architecture"])
        // What was asked for; GeuseMaker itself may have started something else.
        #expect(try configured("use_spot", true) == [])
        #expect(try configured("instance_type", "t3.micro").contains("instance type"))
    }

    @Test("what the file leaves out, or what is not what the field is for, is not compared")
    func leftOut() throws {
        let drift = try drift { document in
            for field in ["public_ip", "efs_mount_target_ids", "auto_scaling_group_name"] {
                document[field] = nil
            }
            document["n8n_url"] = "https://n8n.example.com/"
            document["efs_mount_target_id"] = "none"
            document["vpc_id"] = "default"
            document["security_group_id"] = "unknown"
            var config = document["config"]?.objectValue ?? JSONObject()
            config["architecture"] = nil
            config["use_spot"] = nil
            document["config"] = .object(config)
        }
        #expect(drift.rows.isEmpty)
        #expect(drift.compared == ["instance type", "status", "private address", "images"])
    }

    @Test("what AWS does not tell is not compared")
    func untold() throws {
        var facts = try fixture.facts()
        facts.instance.vpcID = nil
        facts.instance.securityGroupIDs = []
        facts.instance.architecture = nil
        facts.instance.privateIP = nil
        facts.mountTargets = []
        facts.mountTargetsError = Diagnostic("AccessDeniedException", "No.")
        let drift = StackDrift(try fixture.target().recorded, facts)
        #expect(drift.rows.isEmpty)
        #expect(!drift.compared.contains("VPC") && !drift.compared.contains("mount target"))
    }
}
