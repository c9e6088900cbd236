import GeuseRuntime

/// Brings the calls of a script to the bodies of the declared functions.
public struct Dispatcher<Context>: Sendable {
    /// What the worker, a manual and an editor know of the modules.
    public let signatures: [ModuleSignature]
    private let functions: [String: FunctionDeclaration<Context>]

    /// Takes modules in.
    public init(_ modules: [Module<Context>]) {
        signatures = modules.map(\.signature)
        functions = Dictionary(
            modules.flatMap { module in
                let signature = module.signature
                return module.functions.map { (signature.fullName(of: $0.signature), $0) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// A call whose arguments are right; of a function of the script's own time, what it gave.
    struct Judged {
        fileprivate enum Work {
            case done(ScriptValue)
            case body(FunctionDeclaration<Context>.Body, Arguments)
            case end(FunctionDeclaration<Context>.EndBody, BracketOutcome)
        }

        fileprivate let work: Work
    }

    /// Checks the arguments and carries out a call.
    public func call(_ call: ScriptCall, in context: Context) throws -> ScriptValue {
        try carryOut(judge(call, in: context), in: context)
    }

    /// Holds a call against the declaration of its function; does what is the script's own time.
    func judge(_ call: ScriptCall, in context: Context) throws -> Judged {
        guard let function = functions[call.function] else {
            throw Diagnostic("unknown_function", "There is no function \(call.function).")
        }
        switch (function.implementation, call.phase) {
        case (.plain(let body), .call), (.bracket(let body, _), .begin):
            let arguments = try arguments(call, function.signature)
            return Judged(
                work: function.isOwnTime
                    ? .done(try body(context, arguments)) : .body(body, arguments)
            )
        case (.bracket(_, let end), .end(let outcome)):
            return Judged(work: .end(end, outcome))
        default:
            throw Diagnostic("unknown_function", "\(call.function) can't be called in this way.")
        }
    }

    /// Does what was judged.
    func carryOut(_ call: Judged, in context: Context) throws -> ScriptValue {
        switch call.work {
        case .done(let value): return value
        case .body(let body, let arguments): return try body(context, arguments)
        case .end(let end, let outcome):
            try end(context, outcome)
            return .nil
        }
    }

    private func arguments(_ call: ScriptCall, _ signature: FunctionSignature) throws -> Arguments {
        let check = ArgumentCheck(function: call.function)
        let values = try check.arguments(call.arguments, signature.parameters)
        return Arguments(values, place: call.place)
    }
}

extension ScriptWorker {
    /// Runs a script with the functions of a dispatcher; see the other `run`.
    public func run<Context>(
        _ script: ScriptSource,
        with dispatcher: Dispatcher<Context>,
        in context: Context,
        seed: (Int64, Int64) = (0, 0),
        cancellation: Cancellation = Cancellation(),
        require: (String) throws -> ScriptSource = noModules
    ) throws(ScriptFailure) {
        try run(
            script,
            mode: .run,
            modules: dispatcher.signatures,
            seed: seed,
            cancellation: cancellation,
            require: require,
            judge: { try dispatcher.judge($0, in: context) },
            handler: { try dispatcher.carryOut($0, in: context) }
        )
    }
}
