// Commands on the simulated host. It has no programs: `true`, `false` and `echo` do what they do, a fault
// lets a command fail, and any other one counts as done and says nothing.

/// A command that was run, or begun.
public struct SandboxCommandRun: Sendable, Equatable {
    /// The service in whose container; nil for the host.
    public internal(set) var service: ServiceName?
    /// Its words.
    public internal(set) var words: [String] = []
    /// How it ended; nil for one that was ended because it took too long.
    public internal(set) var code: Int?
}

extension SandboxWorld {
    /// The commands that were run, oldest first.
    public var commands: [SandboxCommandRun] { machine.commands ?? [] }

    mutating func exec(_ command: HostCommand) throws -> CommandEvidence {
        if let service = command.service {
            guard let container = machine.container(service), container.order == .running,
                container.fate != .crashes
            else {
                throw HostFailure.diagnostic(code: "exec_service_down", evidence: service.text)
            }
        }
        var run = SandboxCommandRun(service: command.service, words: command.words)
        defer { machine.commands = commands + [run] }
        let program = command.words[0]
        let fault = takeFault(.exec) { fault in
            let parts = fault.value.split(separator: ":", maxSplits: 1)
            return parts.count < 2 || parts[1] == program
        }
        if let fault {
            guard fault.value.hasPrefix("fail") else {
                throw HostFailure.diagnostic(
                    code: "exec_timed_out",
                    evidence: "after \(command.timeout) s"
                )
            }
            run.code = 1
            return CommandEvidence(code: 1, output: "\(program): a sandbox fault is set")
        }
        run.code = program == "false" ? 1 : 0
        let output =
            program == "echo" ? command.words.dropFirst().joined(separator: " ") : ""
        return CommandEvidence(
            code: run.code ?? 0,
            output: VisibleText.filtered(output, keepingLines: true)
        )
    }
}

extension SandboxCommandRun: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [.init("service", \.service), .init("words", \.words), .init("code", \.code)]
    }
}

extension CommandEvidence: WorldRecord {
    static var blank: Self { .init(code: 0, output: "") }
    static var fields: [WorldField<Self>] {
        [.init("code", \.code), .init("output", \.output), .init("is_cut", \.isCut)]
    }
}
