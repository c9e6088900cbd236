import GeuseRuntime

/// A stack with the edges to reach it, real or simulated.
struct StackConnection {
    let target: StackTarget
    let loaded: LoadedState
    let cloud: any Cloud
    let host: any Host
    /// Whether the host is reached through the SSM agent.
    let usesAgent: Bool
    /// Whether SSH takes over when the agent does not answer.
    let hasOtherWay: Bool
    /// What the config file says of its services.
    let health: [ServiceName: ServiceHealth]
    /// How long they have to run before they are believed, where the config file says so.
    let settleTime: Double?
    /// What requests are signed with; nil for a simulated stack.
    let credentials: CredentialChain?

    /// The limits of a run on it.
    var settings: SessionSettings {
        var settings = SessionSettings()
        settings.usesAgent = usesAgent
        settings.hasOtherWay = hasOtherWay
        settings.serviceHealth = health
        settings.take(settleTime: settleTime)
        settings.rollbackTimeout = Double(loaded.state.config.rollbackTimeoutMinutes) * 60
        return settings
    }

    /// Whether the credentials let the plan come to an end, its undo included.
    func credentialChecks(_ plan: Plan, rollback: Double, now: Timestamp) throws -> [PreflightCheck]
    {
        guard let credentials else { return [] }
        return [
            CredentialChecks.check(
                try credentials.current(),
                now: now,
                plan: plan.expectedDowntime + plan.waiting(from: now),
                rollback: rollback
            )
        ]
    }

    /// Whether the host is reached after the plan's stop by the way that it is reached by now.
    func addressChecks(_ plan: Plan) throws -> [PreflightCheck] {
        guard !usesAgent, plan.changesAddress, let instance = try cloud.instance(target.instance)
        else { return [] }
        return InstanceChecks.sshAddress(plan, instance).map { [$0] } ?? []
    }

    /// Looks at everything once.
    ///
    /// - Parameter lookups: asks the control plane meanwhile; what was not answered, and why the host was not
    ///   seen, is then among the facts.
    /// - Returns: the facts.
    /// - Throws: `Diagnostic`.
    func readFacts(_ lookups: CloudLookups? = nil) throws -> LiveFacts {
        try FactsReader(cloud: cloud, host: host, mountPoint: target.mountPoint)
            .read(target.instance, fileSystem: target.fileSystem, lookups: lookups)
    }
}

/// The two edges of a stack.
struct StackEdges {
    let cloud: any Cloud
    let host: any Host
    let usesAgent: Bool
    var hasOtherWay = false
    var credentials: CredentialChain?
}

extension CommandFrame {
    /// The simulated stacks of the state directory.
    var sandbox: Sandbox {
        Sandbox(
            root: directory.root,
            files: files,
            clock: clock,
            cancellation: Interruption.flag
        )
    }

    /// Opens a stack that has a state file.
    func openStack(_ name: StackName, _ options: ConnectionOptions) throws -> StackConnection {
        let loaded = try store.load(name)
        let types = setting(nil, "network-fs-types", of: name)?.split(separator: ",").map(
            String.init
        )
        let target = try StackTarget(
            loaded.state,
            mountPoint: setting(nil, "mount-point", of: name) ?? "/mnt/efs",
            networkTypes: types ?? ["nfs4", "nfs"],
            directory: directory
        )
        let edges =
            isSandbox(name)
            ? try sandboxEdges(name)
            : try liveEdges(
                target.instance,
                of: name,
                region: options.region ?? loaded.state.config.region.text,
                options
            )
        return StackConnection(
            target: target,
            loaded: loaded,
            cloud: edges.cloud,
            host: edges.host,
            usesAgent: edges.usesAgent,
            hasOtherWay: edges.hasOtherWay,
            health: try config.get().health(of: name),
            settleTime: try setting(nil, "settle-time", of: name) == nil
                ? nil : seconds(nil, "settle-time", of: name, standard: 0),
            credentials: edges.credentials
        )
    }

    /// The edges of a simulated stack.
    private func sandboxEdges(_ name: StackName) throws -> StackEdges {
        // Its time begins here, before anything is measured.
        _ = try sandbox.world(name)
        return StackEdges(cloud: sandbox.cloud(name), host: sandbox.host(name), usesAgent: true)
    }

    /// The edges of a real stack; nothing is sent yet.
    func liveEdges(
        _ instance: InstanceID,
        of name: StackName,
        region: String?,
        _ options: ConnectionOptions
    ) throws -> StackEdges {
        var environment = environment
        environment["GEUSEMAKER_HTTP_TIMEOUT"] = setting(nil, "http-timeout", of: name)
        let session = try AWSSession(
            environment: environment,
            profile: setting(options.profile, "profile", of: name),
            region: region.map { try Region($0) },
            home: environment["HOME"] ?? "/root",
            clock: clock,
            cancellation: Interruption.flag,
            warn: { warning in
                StandardStreams.talk("Warning: \(VisibleText.filtered(warning.summary))\n")
            }
        )
        let cloud = try session.cloud()
        let kind = try transportKind(options, name)
        let hasOtherWay = kind == nil && isSSHConfigured(options, name)
        let transport: any HostTransport =
            switch kind {
            case .ssh: try sshTransport(instance, of: name, cloud, options)
            case nil where hasOtherWay:
                FallbackTransport(
                    try session.transport(to: instance),
                    orElse: try sshTransport(instance, of: name, cloud, options)
                ) { error in
                    StandardStreams.talk(
                        "Warning: SSM does not reach the host (\(error.code)); going on over SSH.\n"
                    )
                }
            case .ssm, nil: try session.transport(to: instance)
            }
        return StackEdges(
            cloud: cloud,
            host: LiveHost(transport: transport, clock: clock, cancellation: Interruption.flag),
            usesAgent: kind != .ssh,
            hasOtherWay: hasOtherWay,
            credentials: session.credentials
        )
    }

    /// The way that was asked for; nil for the default, SSM and then SSH if it is set up.
    private func transportKind(_ options: ConnectionOptions, _ name: StackName) throws
        -> TransportKind?
    {
        if let kind = options.transport { return kind }
        guard let text = setting(nil, "transport", of: name) else { return nil }
        guard let kind = TransportKind(rawValue: text) else {
            throw Diagnostic(
                "invalid_transport",
                "The setting transport is \(VisibleText.quoted(text)).",
                hint: "It is ssm or ssh.",
                kind: .usage
            )
        }
        return kind
    }

    /// Whether it was told how to log in: with which key, or as whom.
    private func isSSHConfigured(_ options: ConnectionOptions, _ name: StackName) -> Bool {
        setting(options.sshKey, "ssh-key", of: name) != nil
            || setting(options.sshUser, "ssh-user", of: name) != nil
    }

    private func sshTransport(
        _ instance: InstanceID,
        of name: StackName,
        _ cloud: any Cloud,
        _ options: ConnectionOptions
    ) throws -> SSHTransport {
        try files.createDirectory(directory.root)
        // Only what the client needs: the agent's socket and where its own files are.
        let passed = ["HOME", "PATH", "SSH_AUTH_SOCK", "USER", "LOGNAME"]
        return SSHTransport(
            settings: try SSHSettings(
                instance: instance,
                user: setting(options.sshUser, "ssh-user", of: name) ?? "ec2-user",
                port: options.sshPort
                    ?? setting(nil, "ssh-port", of: name).flatMap { Int($0) } ?? 22,
                identityFile: setting(options.sshKey, "ssh-key", of: name),
                knownHostsFile: directory.root + "/known_hosts",
                environment: environment.filter { passed.contains($0.key) }
            ),
            processes: LiveProcesses(clock: clock),
            cancellation: Interruption.flag,
            address: {
                // The address changes with each start, so it is asked for anew.
                let found = try cloud.instance(instance)
                guard let address = found?.publicIP ?? found?.privateIP else {
                    throw Diagnostic(
                        "ssh_unreachable",
                        "The instance \(instance) has no address to connect to."
                    )
                }
                return address
            }
        )
    }
}
