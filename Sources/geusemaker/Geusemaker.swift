import ArgumentParser

/// The program: one command per file under Commands.
///
/// Each names itself in its configuration: for one that does not, ArgumentParser asks the runtime for the name of the
/// type, and that takes a third of a start in all.
@main
struct Geusemaker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "geusemaker",
        abstract: "Changes running AI stacks safely: resize, re-image, keep the data, roll back.",
        discussion: """
            A stack is a GeuseMaker deployment: n8n, ollama, qdrant, crawl4ai and postgres under \
            docker compose on one EC2 instance, with its data on EFS.

              geusemaker update my-dev-stack --instance-type t3.large --image n8n=n8nio/n8n:1.20.0
              geusemaker run nightly.lua my-dev-stack
              geusemaker sandbox create my-dev-stack      (no AWS account needed)
            """,
        version: Version.text,
        subcommands: [
            UpdateCommand.self, RunCommand.self, ApplyCommand.self, RollbackCommand.self,
            RecoverCommand.self,
            ListCommand.self, DescribeCommand.self, VerifyCommand.self, HistoryCommand.self,
            AdoptCommand.self, BackupCommand.self, LockCommand.self, ScriptCommand.self,
            DoctorCommand.self, SandboxCommand.self,
        ]
    )

    /// Exit codes are ours, so that a parse failure is 64 and every failure has its envelope.
    static func main() {
        StandardStreams.secure()
        Interruption.install()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            exit(withError: error)
        }
    }
}
