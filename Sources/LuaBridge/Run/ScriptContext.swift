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
}
