import GeuseRuntime
import Testing

@testable import LuaBridge

/// What the functions of `geuse` give back is what is declared, in the rehearsal and for real.
@Suite struct ResultShapeTests {
    /// The declaration as a table of Lua: what a script can hold a value against.
    private func literal(_ type: ParameterType) -> String {
        switch type {
        case .table(let fields):
            let members = fields.map {
                "['\($0.name)'] = { optional = \($0.isOptional), shape = \(literal($0.type)) }"
            }
            return "{ fields = { \(members.joined(separator: ", ")) } }"
        case .map(let element): return "{ each = \(literal(element)) }"
        case .list(let element, _): return "{ list = \(literal(element)) }"
        case .integer, .number: return "'number'"
        case .boolean: return "'boolean'"
        default: return "'string'"
        }
    }

    private static let hold = """
        local function hold(value, shape, path)
            if type(shape) == 'string' then
                assert(type(value) == shape, path .. ' is a ' .. type(value))
                return
            end
            assert(type(value) == 'table', path .. ' is a ' .. type(value))
            for key, member in pairs(value) do
                local below = shape.each or shape.list or (shape.fields[key] or {}).shape
                assert(below, path .. '.' .. key .. ' is not declared')
                hold(member, below, path .. '.' .. key)
            end
            for key, field in pairs(shape.fields or {}) do
                assert(field.optional or rawget(value, key) ~= nil, path .. '.' .. key .. ' is missing')
            end
        end

        """

    @Test func everyResultIsAsDeclared() throws {
        let arguments = [
            "describe": "", "health": "", "wait_healthy": "", "verify_efs": "", "request": "",
            "capabilities": "", "backup": "", "pull": "'n8n', 'n8nio/n8n:1.20.0'", "tags": "'n8n'",
            "image": "'n8n', 'n8nio/n8n:1.20.0'", "prune": "", "exec": "'n8n', {'true'}",
            "exec_on_host": "{'true'}", "now": "",
            "rollback": nil, "scale": nil, "confirm": "'Go on?'", "options": nil,
        ]
        var script = Self.hold
        for function in GeuseModule.module.functions.map(\.signature) {
            guard let result = function.result else { continue }
            // One that is new has to be named here.
            let given = try #require(arguments[function.name], "\(function.name)")
            guard let given else { continue }
            script +=
                "hold(geuse.\(function.name)(\(given)), \(literal(result.type)), '\(function.name)')\n"
        }
        // In between, what is described has changed.
        script += "geuse.set_image('n8n', 'n8nio/n8n:1.20.0')\n"
        for name in ["describe", "health"] {
            let signature = try #require(
                GeuseModule.module.functions.map(\.signature).first { $0.name == name }
            )
            let shape = literal(try #require(signature.result).type)
            script += "hold(geuse.\(name)(), \(shape), '\(name)')\n"
        }
        let stack = try TestStack.usual()
        var options = TestRun.Options()
        options.allowed = ["exec"]
        let run = try stack.run(
            ScriptFile(ScriptSource(name: "t.lua", text: script)),
            [],
            options
        )
        #expect(run.status == .done, "\(run.sentence)")
    }
}
