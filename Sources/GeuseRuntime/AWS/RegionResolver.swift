/// Finds the region: the flag, `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile.
enum RegionResolver {
    static func region(
        given: Region?,
        environment: [String: String],
        profile: SharedConfig.Section?
    ) throws -> Region {
        if let given { return given }
        let candidates = [
            environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"], profile?["region"],
        ]
        guard let text = candidates.lazy.compactMap({ $0 }).first(where: { !$0.isEmpty }) else {
            throw Diagnostic(
                "no_region",
                "No AWS region is set.",
                hint: "Set AWS_REGION or give the profile a region.",
                kind: .usage
            )
        }
        return try Region(text)
    }
}
