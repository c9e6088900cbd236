/// What the functions of the module `geuse` give back, member by member.
///
/// In a script a member that is not among these is an error, so that a misspelt one is no silent nil.
enum GeuseResults {
    /// The facts of a stack.
    static let description = ParameterType.table([
        Parameter("stack", .string),
        Parameter("status", .string, doc: "What the state file says, such as `running`."),
        Parameter("region", .string),
        Parameter("instance", instance),
        Parameter(
            "service_names",
            .list(of: .string),
            absent: unseen,
            doc: "In the order of the compose file; an error where the host cannot be looked at."
        ),
        Parameter("services", services, absent: unseen, doc: "By name; the same."),
        Parameter("storage", storage),
        Parameter("compose_file", .string, optional: true, doc: "Its path on the host."),
        Parameter(
            "drift",
            .list(of: .string),
            doc: "Where the state file and what is there differ, in words."
        ),
    ])

    private static let unseen = "is not known: the host could not be looked at."

    private static let instance = ParameterType.table([
        Parameter("id", .string),
        Parameter("type", .string),
        Parameter("state", .string, doc: "Such as `running`."),
        Parameter("zone", .string),
        Parameter("architecture", .string, optional: true),
        Parameter("public_ip", .string, optional: true),
        Parameter("private_ip", .string, optional: true),
        Parameter("lifecycle", .string, doc: "`on-demand`, or what EC2 calls it."),
        Parameter("auto_scaling_group", .string, optional: true, doc: "The group that owns it."),
        Parameter(
            "stop_protection",
            .boolean,
            optional: true,
            doc: "Whether it is protected against being stopped; nil where that is not told."
        ),
    ])

    /// Services by name.
    static let services = ParameterType.map(
        of: .table([
            Parameter("configured_image", .string, doc: "What the compose file says."),
            Parameter(
                "image",
                .string,
                optional: true,
                doc: "What its container was made from."
            ),
            Parameter("image_id", .string, optional: true),
            Parameter("digest", .string, optional: true),
            Parameter("container", .string, optional: true, doc: "The container's id."),
            Parameter("state", .string, optional: true, doc: "Docker's word, such as `running`."),
            Parameter("health", .string, doc: "`healthy`, `unhealthy`, `starting` or `none`."),
            Parameter("restarts", .integer, doc: "How often docker restarted it."),
            Parameter("started_at", .string, optional: true),
            Parameter(
                "well",
                .boolean,
                doc: "Whether it runs, and is healthy where that is checked."
            ),
        ])
    )

    /// The mount that the data is on.
    static let storage = ParameterType.table([
        Parameter("file_system", .string, optional: true, doc: "Its id."),
        Parameter("file_system_state", .string, optional: true),
        Parameter("mount_point", .string, optional: true),
        Parameter("mounted", .boolean, optional: true),
        Parameter("type", .string, optional: true, doc: "Such as `nfs4`."),
        Parameter("source", .string, optional: true),
        Parameter("read_write", .boolean, optional: true),
        Parameter("answer", .string, optional: true, doc: "`answered`, `hung` or `failed`."),
        Parameter(
            "containers_outside",
            .list(of: .string),
            doc: "Containers that see another file system than the host."
        ),
    ])

    /// A backup.
    static let backup = ParameterType.table([
        Parameter("id", .string, optional: true, doc: "Not known in a rehearsal."),
        Parameter("path", .string, optional: true, doc: "The same."),
        Parameter("label", .string, optional: true),
    ])

    /// An image on the host.
    static let pulled = ParameterType.table([
        Parameter("image", .string),
        Parameter("image_id", .string, optional: true, doc: "Not known in a rehearsal."),
        Parameter("digest", .string, optional: true, doc: "The same."),
    ])

    /// An image as its registry tells of it.
    static let image = ParameterType.table([
        Parameter("image", .string),
        Parameter(
            "exists",
            .boolean,
            optional: true,
            doc: "Whether there is one; nil where the registry does not say."
        ),
        Parameter(
            "compatible",
            .boolean,
            optional: true,
            doc:
                "Whether it is published for the host's kind of machine; nil where that is not told."
        ),
        Parameter(
            "reason",
            .string,
            optional: true,
            doc:
                "Why it cannot be pulled, or why that is not known; nil if nothing speaks against it."
        ),
        Parameter(
            "code",
            .string,
            optional: true,
            doc: "That of the error with which a pull would be refused, such as `image_not_found`."
        ),
        Parameter("digest", .string, optional: true),
        Parameter("size", .integer, optional: true, doc: "Bytes of its layers, compressed."),
    ])

    /// What a command did.
    static let command = ParameterType.table([
        Parameter("code", .integer, doc: "Its exit code, which is 0."),
        Parameter("output", .string, doc: "The end of what it wrote; empty in a rehearsal."),
        Parameter("cut", .boolean, doc: "Whether there was more."),
    ])

    /// What the command line asked for.
    static let request = ParameterType.table([
        Parameter("command", .string),
        Parameter("deployment_name", .string),
        Parameter("force", .boolean, doc: "Whether the question is skipped."),
        Parameter("dry_run", .boolean),
        Parameter("arguments", .list(of: .string), doc: "The words behind `--`."),
    ])

    /// What a version of the program offers.
    static let capabilities = ParameterType.table([
        Parameter("lua", .string, doc: "The version of the language."),
        Parameter("functions", .map(of: .string), doc: "The version that had it first, by name."),
    ])

    /// How a run in a test ended.
    static let testRun = ParameterType.table([
        Parameter("number", .integer, doc: "Tells the runs of a test apart."),
        Parameter(
            "status",
            .choice([
                "done", "nothing_to_do", "planned", "refused", "rolled_back", "kept_checkpoint",
                "needs_attention",
            ])
        ),
        Parameter("code", .string, optional: true, doc: "The error's, as the next two."),
        Parameter("message", .string, optional: true),
        Parameter("hint", .string, optional: true),
        Parameter("changes", .list(of: .string)),
        Parameter("plan", .list(of: .string)),
        Parameter("log", .list(of: .string)),
        Parameter("downtime", .number, doc: "Seconds."),
        Parameter("checkpoint", .string, optional: true),
    ])
}
