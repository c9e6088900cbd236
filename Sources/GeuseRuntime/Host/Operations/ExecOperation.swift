/// Running one command.
struct ExecOperation {
    let project: ComposeProject
    let command: HostCommand

    var script: HostOperationScript {
        HostOperationScript(
            parts: [HostScript.mask, HostScript.exec],
            values: [
                ("G_PROJECT", .text(project.name)),
                ("G_SERVICE", .text(command.service?.text ?? "")),
                ("G_LIMIT", .text(String(command.timeout))),
                // The word in front keeps an empty one from getting lost.
                ("G_WORDS", .words(command.words.map { ["word", $0] })),
            ]
        )
    }

    /// The evidence in a payload.
    func read(_ payload: HostPayload) throws -> CommandEvidence {
        guard let code = payload.word("code").flatMap({ Int($0) }),
            let output = payload.text("output")
        else { throw HostFailure.incomplete("exec") }
        return CommandEvidence(
            code: code,
            output: VisibleText.filtered(output, keepingLines: true),
            isCut: payload.word("cut") == "yes"
        )
    }
}
