import GeuseRuntime
import Testing

@testable import LuaBridge

/// The manual, the types for editors and the help all come from the declarations.
@Suite struct PrinterTests {
    private static let modules = [
        Module<Void>(
            "stack",
            summary: "The stack.",
            functions: [
                FunctionDeclaration(
                    "resize",
                    since: "0.1",
                    summary: "Changes the type.",
                    doc: "It stops | starts.",
                    parameters: [
                        Parameter("type", .identifier(InstanceType.self), doc: "The new one."),
                        Parameter(
                            "options",
                            .table([
                                Parameter("fallback", .list(of: .string), optional: true),
                                Parameter("mode", .choice(["a", "b"]), doc: "a | b"),
                            ]),
                            optional: true
                        ),
                    ],
                    returns: .value(
                        .table([Parameter("ok", .boolean)]),
                        optional: true,
                        doc: "What it did."
                    )
                ) { _, _ in .nil },
                FunctionDeclaration(
                    bracket: "window",
                    since: "0.2",
                    summary: "Groups changes.",
                    parameters: [Parameter("name", .string), Parameter("run", .function)],
                    begin: { _, _ in .nil },
                    end: { _, _ in }
                ),
            ]
        ).signature,
        Module<Void>(
            nil,
            summary: "For tests.",
            functions: [
                FunctionDeclaration(
                    "fault",
                    since: "0.3",
                    summary: "Sets a fault.",
                    parameters: [
                        Parameter("what", .either([.string, .map(of: .integer)])),
                        Parameter("times", .number, optional: true),
                        Parameter("value", .any, optional: true),
                    ]
                ) { _, _ in .nil }
            ]
        ).signature,
    ]

    @Test func theReferenceIsComplete() {
        let expected = """
            ## stack

            The stack.

            ### `stack.resize(type, options?)`

            Changes the type.

            | name | type | |
            |---|---|---|
            | `type` | instance type | The new one. |
            | `options` | table, optional |  |
            | `options.fallback` | list of string, optional |  |
            | `options.mode` | "a" or "b" | a \\| b |

            Returns: table or nil. What it did.

            | name | type | |
            |---|---|---|
            | `ok` | boolean |  |

            It stops | starts.

            Since 0.1.

            ### `stack.window(name, run)`

            Groups changes.

            | name | type | |
            |---|---|---|
            | `name` | string |  |
            | `run` | function |  |

            Returns what the function returns.

            Since 0.2.

            ## Global functions

            For tests.

            ### `fault(what, times?, value?)`

            Sets a fault.

            | name | type | |
            |---|---|---|
            | `what` | string or map of integer |  |
            | `times` | number, optional |  |
            | `value` | any, optional |  |

            Since 0.3.

            """
        #expect(MarkdownReference.text(Self.modules) == expected)
    }

    @Test func theTypeFileIsLuaWithAnnotations() throws {
        let text = TypeFile.text(Self.modules)
        let expected = """
            ---@meta

            ---The stack.
            ---@class stack
            stack = {}

            ---@class stack.resize.options
            ---@field fallback? (string)[]
            ---@field mode "a"|"b" a | b

            ---@class stack.resize.result
            ---@field ok boolean

            ---Changes the type.
            ---
            ---It stops | starts.
            ---@param type string The new one.
            ---@param options? stack.resize.options
            ---@return stack.resize.result? # What it did.
            function stack.resize(type, options) end

            ---Groups changes.
            ---@param name string
            ---@param run fun(...: any): any
            ---@return any ...
            function stack.window(name, run) end

            ---Sets a fault.
            ---@param what string|table<string, integer>
            ---@param times? number
            ---@param value? any
            function fault(what, times, value) end

            """
        #expect(text == expected)
        // Lua itself reads it.
        let worker = try ScriptWorker()
        try worker.run(ScriptSource(name: "types.lua", text: text)) { _ in .nil }
    }

    @Test func theHelpListsAndExplains() {
        #expect(
            TerminalHelp.overview(Self.modules) == """
                stack.resize(type, options?)  Changes the type.
                stack.window(name, run)       Groups changes.
                fault(what, times?, value?)   Sets a fault.

                """
        )
        let page = """
            stack.resize(type, options?)

            Changes the type.

              type              instance type: The new one.
              options           table, optional
              options.fallback  list of string, optional
              options.mode      "a" or "b": a | b

            Returns: table or nil. What it did.
              ok  boolean

            It stops | starts.

            Since 0.1.

            """
        #expect(TerminalHelp.page("resize", in: Self.modules) == page)
        #expect(TerminalHelp.page("stack.resize", in: Self.modules) == page)
        #expect(TerminalHelp.page("resise", in: Self.modules) == nil)
        #expect(TerminalHelp.nearest("resise", in: Self.modules) == "resize")
        #expect(TerminalHelp.nearest("stack.resiz", in: Self.modules) == "stack.resize")
        #expect(TerminalHelp.nearest("stakc.resize", in: Self.modules) == "stack.resize")
        #expect(TerminalHelp.nearest("stack.nothing", in: Self.modules) == nil)
        #expect(TerminalHelp.nearest("another.resize", in: Self.modules) == nil)
    }

    @Test func globalFunctionsAndSeveralModulesCanBeCalled() throws {
        let worker = try ScriptWorker()
        var calls: [String] = []
        try worker.run(
            ScriptSource(name: "t.lua", text: "fault('x') stack.resize('t3.large')"),
            modules: Self.modules
        ) { call in
            calls.append(call.function)
            return .nil
        }
        #expect(calls == ["fault", "stack.resize"])
    }

    @Test func theDispatcherRefusesWhatIsNotDeclared() {
        let dispatcher = Dispatcher([TestModule.geuse])
        for (name, phase) in [
            ("geuse.nothing", ScriptCall.Phase.call), ("geuse.window", .call),
            ("geuse.echo", .begin),
        ] {
            let call = ScriptCall(function: name, phase: phase, arguments: [], place: nil)
            let error = #expect(throws: Diagnostic.self) {
                try dispatcher.call(call, in: Recorder())
            }
            #expect(error?.code == "unknown_function")
        }
    }
}
