/// Builds the script of one operation: fixed text, and values as base64 data in front of it.
///
/// POSIX sh, as dash and busybox read it. No value is ever part of the program text: a script sees
/// it only as the content of a variable, decoded by `base64 -d`. The text stands inside a function
/// that its last line calls, so that a text cut in transit does nothing.
enum HostScript {
    /// A value that travels with a script.
    enum Value {
        /// One text.
        case text(String)
        /// Words of base64 each, separated by blanks; a word may join several texts with colons.
        case words([[String]])
    }

    /// The complete text of a script: it looks for the programs that it needs before it unpacks what it does.
    ///
    /// - Parameters:
    ///   - parts: the pieces of program text, the prelude first.
    ///   - step: the name of the step, checked by the caller.
    ///   - root: a directory put before the host's own paths; empty but for tests.
    ///   - patience: seconds to wait for the host's lock.
    ///   - values: the values by the name of their variable.
    /// - Returns: the text for a `HostTransport`.
    static func text(
        _ parts: [String],
        step: String,
        root: String,
        patience: Int = 20,
        _ values: [(name: String, value: Value)]
    ) -> String {
        let all =
            values + [
                ("G_STEP", .text(step)), ("G_ROOT", .text(root)),
                ("G_PATIENCE", .text(String(patience))),
            ]
        let assignments = all.map { "\($0.name)='\(encoded($0.value))'\n" }.joined()
        let program = ([prelude] + parts).map(withoutComments).joined(separator: "\n")
        return "#!/bin/sh\n" + assignments + "geusemaker() {\n" + withoutComments(tools) + "\n"
            + transported(program)
            + "\n}\ngeusemaker\n"
    }

    /// Program text up to this many bytes travels as it is, so that the console of Systems Manager
    /// shows what ran.
    static let readableBytes = 24_000

    /// A long program travels packed, since Systems Manager limits what a command may carry.
    ///
    /// Its documents have 64 KB; for the parameters of a command no figure was found, and escaped JSON is
    /// longer than the text.
    ///
    /// The host unpacks fixed text of this program's own, never a value; the checksum of gzip holds it
    /// to be whole.
    private static func transported(_ program: String) -> String {
        guard program.utf8.count > readableBytes,
            let packed = try? Gzip.compress(Array(program.utf8))
        else { return program }
        let source = "printf %s '\(Base64Text.encode(packed))' | base64 -d | gzip -dc"
        return "program=$(\(source)) || exit 70\neval \"$program\""
    }

    private static func encoded(_ value: Value) -> String {
        switch value {
        case .text(let text): Base64Text.encode(Array(text.utf8))
        case .words(let words):
            words.map { $0.map { Base64Text.encode(Array($0.utf8)) }.joined(separator: ":") }
                .joined(separator: " ")
        }
    }

    /// Comments and indentation stay at home: SSM limits what a command may carry.
    ///
    /// Neither the shell nor awk nor SQL minds, the few lines of Python have none, and no text of a
    /// script goes over a line's end.
    private static func withoutComments(_ text: String) -> String {
        text.split(separator: "\n")
            .map { line in line.drop { $0 == " " } }
            .filter { $0.first != "#" }
            .joined(separator: "\n")
    }
}
