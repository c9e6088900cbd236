import GeuseRuntime

extension FunctionDeclaration {
    /// `fail(code, message, {hint, detail})`: ends the script with an error of its own.
    public static func fail(since: String) -> FunctionDeclaration {
        FunctionDeclaration(
            "fail",
            since: since,
            summary: "Raises an error with a code that callers can compare.",
            doc:
                "What was done so far is undone, unless the script catches the error with `pcall`.",
            isOwnTime: true,
            parameters: [
                Parameter("code", .identifier(errorCode), doc: "Such as `backup_too_old`."),
                Parameter("message", .string, doc: "One sentence: what happened."),
                Parameter(
                    "options",
                    .table([
                        Parameter("hint", .string, optional: true, doc: "What to do next."),
                        Parameter("detail", .string, optional: true, doc: "The evidence."),
                    ]),
                    optional: true
                ),
            ]
        ) { _, arguments in
            let options = arguments.optionalTable("options")
            throw Diagnostic(
                try arguments.string("code"),
                VisibleText.filtered(try arguments.string("message"), keepingLines: true),
                detail: options?.optionalString("detail"),
                hint: options?.optionalString("hint")
            )
        }
    }

    private static var errorCode: IdentifierType {
        let rule = "lower-case letters, digits and _, beginning with a letter"
        return IdentifierType(label: "error code", rule: rule) { text in
            guard ErrorValue.isCode(text) else {
                throw Diagnostic(
                    "invalid_error_code",
                    "\(VisibleText.quoted(text)) is not a valid error code.",
                    detail: "An error code is \(rule).",
                    kind: .usage
                )
            }
        }
    }
}
