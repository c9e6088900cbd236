/// Which profile is meant.
enum ProfileName {
    /// The profile that is used when none is named.
    static let standard = "default"

    /// The profile that the environment names.
    static func fromEnvironment(_ environment: [String: String]) -> String? {
        [environment["AWS_PROFILE"], environment["AWS_DEFAULT_PROFILE"]].lazy.compactMap { $0 }
            .first { !$0.isEmpty }
    }

    /// The error for a profile that is named but not there.
    static func unknown(_ name: String) -> Diagnostic {
        Diagnostic(
            "unknown_profile",
            "The AWS profile \(VisibleText.quoted(name)) is not configured.",
            hint: "List the profiles with: aws configure list-profiles",
            kind: .usage
        )
    }
}
