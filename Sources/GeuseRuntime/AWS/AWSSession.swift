/// Everything that talks to AWS for one run, put together from explicit inputs.
public final class AWSSession {
    /// The region.
    public let region: Region
    /// The credentials, fetched when first needed.
    public let credentials: CredentialChain
    private let context: RequestContext
    private let separate: (() throws -> AWSSession)?
    private let endpoints: EndpointResolver

    /// Puts a session together; no request is made.
    ///
    /// - Parameters:
    ///   - environment: the environment variables to go by.
    ///   - profile: the profile asked for; it then wins over credentials in the environment.
    ///   - region: the region asked for.
    ///   - home: the home directory, which holds `.aws`.
    ///   - files: reads the shared configuration.
    ///   - http: sends the requests; nil for libcurl.
    ///   - clock: the time.
    ///   - cancellation: ends requests and waits.
    ///   - random: a number from 0 up to 1 for jitter.
    ///   - warn: takes what the user should know though nothing failed.
    /// - Throws: `Diagnostic` with code `unknown_profile`, `no_region` or `invalid_setting`, or for
    ///   an unreadable file.
    public convenience init(
        environment: [String: String],
        profile: String? = nil,
        region: Region? = nil,
        home: String,
        files: any SharedFileReader = SystemSharedFiles(),
        http: (any HTTPClient)? = nil,
        clock: any Clock = SystemClock(),
        cancellation: Cancellation,
        random: @escaping () -> Double = { Double.random(in: 0..<1) },
        warn: @escaping (Diagnostic) -> Void = { _ in }
    ) throws {
        try self.init(
            config: SharedConfig.load(environment: environment, home: home, files: files),
            environment: environment,
            profile: profile,
            region: region,
            home: home,
            files: files,
            http: http,
            clock: clock,
            cancellation: cancellation,
            random: random,
            warn: warn
        )
    }

    private init(
        config: SharedConfig,
        environment: [String: String],
        profile: String?,
        region: Region?,
        home: String,
        files: any SharedFileReader,
        http: (any HTTPClient)?,
        clock: any Clock,
        cancellation: Cancellation,
        random: @escaping () -> Double,
        warn: @escaping (Diagnostic) -> Void
    ) throws {
        separate =
            http != nil
            ? nil
            : {
                try AWSSession(
                    config: config,
                    environment: environment,
                    profile: profile,
                    region: region,
                    home: home,
                    files: files,
                    http: nil,
                    clock: clock,
                    cancellation: cancellation,
                    random: { Double.random(in: 0..<1) },
                    warn: { _ in }
                )
            }
        let name = profile ?? ProfileName.fromEnvironment(environment)
        let section = config.profiles[name ?? ProfileName.standard]
        if let name, section == nil { throw ProfileName.unknown(name) }
        self.region = try RegionResolver.region(
            given: region,
            environment: environment,
            profile: section
        )
        context = RequestContext(
            http: http
                ?? CurlHTTPClient(
                    environment: environment,
                    caBundle: section?["ca_bundle"].map { SharedConfig.expand($0, home) },
                    cancellation: cancellation
                ),
            clock: clock,
            cancellation: cancellation,
            retry: RetryPolicy(
                environment: environment,
                profile: section?["max_attempts"],
                random: random
            ),
            timeout: try Self.timeout(environment),
            warn: warn
        )
        endpoints = EndpointResolver(
            environment: environment,
            config: config,
            profile: name ?? ProfileName.standard
        )
        credentials = CredentialSources(
            environment: environment,
            config: config,
            home: home,
            files: files,
            region: self.region,
            endpoints: endpoints,
            context: context
        ).chain(profile: name, isExplicit: profile != nil)
    }

    /// `GEUSEMAKER_HTTP_TIMEOUT`, or a minute.
    private static func timeout(_ environment: [String: String]) throws -> Double {
        guard let text = environment["GEUSEMAKER_HTTP_TIMEOUT"], !text.isEmpty else { return 60 }
        guard let seconds = Double(text), (0.1...3600).contains(seconds) else {
            throw Diagnostic(
                "invalid_setting",
                "GEUSEMAKER_HTTP_TIMEOUT is \(VisibleText.quoted(text)).",
                hint: "It is a number of seconds from 0.1 to 3600.",
                kind: .usage
            )
        }
        return seconds
    }

    private func client(
        _ service: AWSService,
        in region: Region,
        _ context: RequestContext
    ) throws -> ServiceClient {
        ServiceClient(
            service,
            endpoint: try endpoints.endpoint(service, region),
            region: region,
            credentials: credentials,
            context: context
        )
    }

    /// Seconds for a look-up before the question with all its tries: it is one of many checks.
    private static let patience = 15.0

    /// Prices are good to know, and not worth waiting for: one try of a few seconds.
    private func pricing(_ context: RequestContext) throws -> PricingClient {
        let region = try Partition.of(region).pricingRegion.map { try Region($0) } ?? region
        return PricingClient(try client(.pricing, in: region, context.once(within: 5)))
    }

    /// The control plane.
    public func cloud() throws -> AWSCloud { try cloud(context) }

    private func cloud(_ context: RequestContext) throws -> AWSCloud {
        AWSCloud(
            ec2: EC2Client(try client(.ec2, in: region, context)),
            efs: EFSClient(try client(.efs, in: region, context)),
            ssm: SSMClient(try client(.ssm, in: region, context)),
            sts: STSClient(try client(.sts, in: region, context)),
            quotas: QuotasClient(try client(.quotas, in: region, context.once(within: 5))),
            pricing: (try pricing(context), region),
            autoScaling: AutoScalingClient(try client(.autoScaling, in: region, context)),
            copy: { [self] in try copy() }
        )
    }

    /// The control plane over connections of its own, for look-ups that nobody waits for long; nil where the
    /// connection was given.
    private func copy() throws -> AWSCloud? {
        guard let other = try separate?() else { return nil }
        // Nobody is asked for credentials a second time.
        other.credentials.keep(try credentials.current())
        other.context.takeSkew(of: context)
        return try other.cloud(other.context.patient(for: Self.patience))
    }

    /// Run Command on an instance; `expected` is how many seconds a script usually takes.
    public func transport(to instance: InstanceID, expected: Double = 3) throws -> SSMTransport {
        SSMTransport(instance, SSMClient(try client(.ssm, in: region, context)), expected: expected)
    }
}
