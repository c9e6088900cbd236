import ArgumentParser
import GeuseRuntime

/// `list`: the stacks of the state directory; broken files are shown as such.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the stacks."
    )

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try CommandFrame(global).report { frame in
            let entries = try frame.store.list()
            let rows = entries.map { entry -> (row: [String], json: JSONValue) in
                switch entry.state {
                case .success(let state):
                    let open = try? frame.unfinished(state.name)?.run
                    // While a run is at work it has not ended either.
                    let isAtWork = open != nil && frame.isAtWork(state.name)
                    let kind = frame.isSandbox(state.name) ? "sandbox" : "aws"
                    let type = state.config.instanceType.text
                    let region = state.config.region.text
                    return (
                        [
                            entry.name,
                            state.status.description
                                + (open == nil
                                    ? "" : isAtWork ? ", a run is at work" : ", run not ended"),
                            type, region, kind,
                        ],
                        [
                            "name": .string(entry.name),
                            "status": .string(state.status.description),
                            "instance_type": .string(type), "region": .string(region),
                            "kind": .string(kind),
                            "unfinished_run": open.map { .string($0.text) } ?? .null,
                        ]
                    )
                case .failure(let error):
                    return (
                        [entry.name, "unreadable", "-", "-", error.code],
                        [
                            "name": .string(entry.name), "status": "unreadable",
                            "error_code": .string(error.code),
                        ]
                    )
                }
            }
            let table = Table(
                ["NAME", "STATUS", "TYPE", "REGION", "KIND"],
                rows.map(\.row),
                empty: "No stacks in \(frame.directory.root). Adopt one, or try: "
                    + "geusemaker sandbox create my-dev-stack\n"
            )
            return CommandReport(
                isOutput: true,
                message: "\(rows.count) stacks",
                data: ["deployments": .array(rows.map(\.json))],
                text: table.text
            )
        }
    }
}
