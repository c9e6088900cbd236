/// Puts the credential chain together from the places that are configured.
struct CredentialSources {
    let environment: [String: String]
    let config: SharedConfig
    let home: String
    let files: any SharedFileReader
    let region: Region
    let endpoints: EndpointResolver
    let context: RequestContext

    /// The chain; a profile that was asked for on the command line wins over the environment, and one
    /// that is named at all wins over a web identity.
    func chain(profile: String?, isExplicit: Bool) -> CredentialChain {
        let fromProfile = ProfileCredentials(profile ?? ProfileName.standard, self)
        let identity = WebIdentityCredentials.fromEnvironment(self)
        var providers: [any CredentialProvider] = []
        if !isExplicit { providers.append(EnvironmentCredentials(environment)) }
        if profile != nil { providers.append(fromProfile) }
        if let identity { providers.append(identity) }
        if profile == nil { providers.append(fromProfile) }
        return CredentialChain(
            providers + [container(), instanceMetadata()],
            clock: context.clock
        )
    }

    /// The container's credentials.
    func container() -> ContainerCredentials { ContainerCredentials(self) }

    /// The instance's credentials.
    func instanceMetadata() -> InstanceMetadataCredentials { InstanceMetadataCredentials(self) }

    /// A client for a provider that has to call a service itself.
    func client(
        _ service: AWSService,
        region: Region? = nil,
        credentials: CredentialChain?
    ) throws -> ServiceClient {
        let region = region ?? self.region
        return ServiceClient(
            service,
            endpoint: try endpoints.endpoint(service, region),
            region: region,
            credentials: credentials,
            context: context
        )
    }
}
