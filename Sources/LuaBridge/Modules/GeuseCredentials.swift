import GeuseRuntime

/// The function that changes credentials; no value of one ever reaches a script.
enum GeuseCredentials {
    static let functions: [FunctionDeclaration<ScriptContext>] = [
        FunctionDeclaration(
            "rotate_credentials",
            since: "0.1",
            summary: "Gives a service's role in the database a new password.",
            doc: """
                The password, 32 characters of the host's randomness, is made on the host and stays there: \
                it is proven on a role that is made to try it, set by ALTER ROLE, written into the \
                environment file in place of the old one, and the service is made anew with it. It has to \
                be well and to have logged in with it; if not, or if a later step fails, the old password \
                is put back in both places. Connections that are open stay open. n8n's encryption key is \
                never touched. Not inside a window.
                """,
            parameters: [
                Parameter(
                    "service",
                    .identifier(ServiceName.self),
                    optional: true,
                    doc: "Whose password; n8n when it is left out, and the only one so far."
                )
            ]
        ) { context, arguments in
            let service = try arguments.optionalIdentifier("service", ServiceName.self)
            try context.primitives.rotateCredentials(
                of: service ?? ServiceName(unchecked: "n8n")
            )
            return .nil
        }
    ]
}
