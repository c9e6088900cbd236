import GeuseRuntime

/// What the functions of the module `geuse` work on during one run of a script.
public final class ScriptContext {
    /// The stack, rehearsed or real.
    public let primitives: any Primitives
    /// What the command line asked for.
    public let request: JSONValue
    /// The script's own arguments.
    public let arguments: [String]
    /// Takes what the script says.
    public let observer: any Observer
    /// The options that the script declared, once it has.
    public internal(set) var options: ScriptOptions?
    /// The windows that are open; `geuse.window` is a bracket, so their ends come in order.
    var windows: [String] = []
    /// Bytes that the script has said, as they are shown.
    private var said = 0
    /// How much it may say, in bytes: terminal, plan and journal are not its store.
    private static let saying = 4 << 20

    /// Bundles what one run works on.
    public init(
        primitives: any Primitives,
        request: JSONValue,
        arguments: [String],
        observer: any Observer
    ) {
        self.primitives = primitives
        self.request = request
        self.arguments = arguments
        self.observer = observer
    }

    /// Passes on what the script says.
    ///
    /// - Throws: `AbortScript` once it has said far too much.
    func say(_ event: RunEvent, _ text: String) throws {
        try count(text)
        observer.observe(event)
    }

    /// Counts text of the script that is kept, in the plan and the journal too, or shown.
    ///
    /// - Throws: `AbortScript` once it is far too much.
    func count(_ text: String) throws {
        said += text.utf8.count
        guard said <= Self.saying else {
            throw AbortScript(
                Diagnostic(
                    "script_output",
                    "The script was stopped: it said more than \(Self.saying >> 20) MiB.",
                    detail: "Names, questions and the words of commands count, too."
                )
            )
        }
    }

    /// A name or a question from a script: one line of a length that a person reads.
    ///
    /// What counts is what is shown: a character that steers a terminal becomes several.
    ///
    /// - Throws: `Diagnostic` with code `text_too_long`; `AbortScript` as `count` does.
    func line(_ text: String, atMost limit: Int) throws -> String {
        // Nothing gets shorter by being made visible.
        let shown = text.unicodeScalars.count > limit ? nil : VisibleText.filtered(text)
        guard let shown, shown.unicodeScalars.count <= limit else {
            let beginning = String(text.unicodeScalars.prefix(40))
            throw Diagnostic(
                "text_too_long",
                "\(VisibleText.quoted(beginning)) is longer than \(limit) characters.",
                kind: .usage
            )
        }
        try count(shown)
        return shown
    }
}
