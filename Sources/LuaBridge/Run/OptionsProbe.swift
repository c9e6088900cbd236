import GeuseRuntime

/// Asks a script what options it has: it is run up to `geuse.options` and no call before that is answered.
public struct OptionsProbe {
    private let limits: ScriptLimits

    /// A probe whose worker has these limits.
    public init(_ limits: ScriptLimits = ScriptLimits()) { self.limits = limits }

    /// The options that a script declares; none if it ends without declaring any.
    ///
    /// - Parameter script: the script.
    /// - Returns: the options.
    /// - Throws: `Diagnostic` with code `options_unknown` when the script does something else before,
    ///   or the error that the script itself ends in.
    public func options(of script: ScriptFile) throws -> ScriptOptions {
        let none = ScriptOptions()
        var declared: ScriptOptions?
        let worker = try ScriptWorker(limits: limits)
        do throws(ScriptFailure) {
            try worker.run(
                script.source,
                modules: GeuseModule.dispatcher.signatures,
                require: script.module
            ) { call in
                guard call.function == "geuse.options" else {
                    throw AbortScript(Self.tooEarly(call.function))
                }
                guard case .map(let table)? = call.arguments.first else { return .list([]) }
                declared = try ScriptOptions(table)
                throw AbortScript(Diagnostic("options_known", "The options are known."))
            }
        } catch {
            guard let declared else { throw error.diagnostic }
            return declared
        }
        return none
    }

    private static func tooEarly(_ function: String) -> Diagnostic {
        Diagnostic(
            "options_unknown",
            "The script calls \(VisibleText.filtered(function)) before it declares options.",
            detail: "Its options can't be told without running it.",
            hint: "Call geuse.options{...} first in the script.",
            kind: .usage
        )
    }
}
