/// Credentials that a program prints (`credential_process`).
final class ProcessCredentials: CredentialProvider {
    /// Seconds for the program; some of them wait for a person.
    private static let limit = 60.0

    private let command: String
    private let profile: String
    private let sources: CredentialSources

    init(_ command: String, profile: String, _ sources: CredentialSources) {
        self.command = command
        self.profile = profile
        self.sources = sources
    }

    /// Runs the program, without a shell, and reads what it printed.
    func credentials() throws -> AWSCredentials? {
        guard let words = CommandLineWords.split(command), let program = words.first else {
            throw failure("Its command line has a quotation that does not end, or no word.")
        }
        let result = try CredentialProcess.run(
            SharedConfig.expand(program, sources.home),
            Array(words.dropFirst()),
            environment: sources.environment,
            limit: Self.limit,
            clock: sources.context.clock,
            cancellation: sources.context.cancellation
        )
        switch result {
        case .notStarted(let reason): throw failure("It can't be started: \(reason).")
        case .timedOut: throw failure("It did not end within \(Int(Self.limit)) s.")
        case .printedTooMuch: throw failure("It printed more than 1 MiB.")
        case .ended(let status, _) where status != 0:
            throw failure("It ended with status \(status).")
        case .ended(_, let output):
            guard let version = try? JSONParser.parse(output)["Version"]?.intValue else {
                throw failure("What it printed is not JSON with a Version.")
            }
            guard version == 1 else { throw failure("It printed version \(version), not 1.") }
            return try CredentialDocument.parse(
                output,
                source: "the credential process of profile \(VisibleText.filtered(profile))",
                tokenName: "SessionToken"
            )
        }
    }

    private func failure(_ detail: String) -> Diagnostic {
        Diagnostic(
            "credential_process_failed",
            "The credential process of the AWS profile \(VisibleText.quoted(profile)) failed.",
            detail: detail,
            kind: .refused
        )
    }
}
