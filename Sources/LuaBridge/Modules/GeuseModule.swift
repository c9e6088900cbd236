/// The module `geuse`: everything that a script can ask for.
public enum GeuseModule {
    /// The declarations, in the order of the manual.
    public static let module = Module<ScriptContext>(
        "geuse",
        summary: "The stack that a script works on.",
        functions: GeuseReads.functions + GeuseChanges.functions + GeuseOperations.functions
            + GeuseCredentials.functions
            + GeuseTalk.functions
    )

    /// Brings calls to the bodies.
    public static let dispatcher = Dispatcher([module])
}
