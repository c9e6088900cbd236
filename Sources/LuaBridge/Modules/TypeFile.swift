/// Prints the API as a definition file of the Lua language server (LuaLS annotations).
public enum TypeFile {
    /// The definitions of these modules.
    public static func text(_ modules: [ModuleSignature]) -> String {
        let parts = modules.flatMap { module -> [String] in
            let head = module.name.map { ["---\(module.summary)\n---@class \($0)\n\($0) = {}\n"] }
            return (head ?? []) + module.functions.map { function($0, in: module) }
        }
        return (["---@meta\n"] + parts).joined(separator: "\n")
    }

    private static func function(_ function: FunctionSignature, in module: ModuleSignature)
        -> String
    {
        let full = module.fullName(of: function)
        var classes: [String] = []
        var lines = comment(function.summary)
        if !function.doc.isEmpty { lines += ["---"] + comment(function.doc) }
        for parameter in function.parameters {
            let type = type(parameter.type, "\(full).\(parameter.name)", &classes)
            lines.append(tag("param", parameter.name, parameter.isOptional, type, parameter.doc))
        }
        if let result = function.result {
            let type = type(result.type, "\(full).result", &classes)
            let doc = result.doc.isEmpty ? "" : " # " + oneLine(result.doc)
            lines.append("---@return \(type)\(result.isOptional ? "?" : "")\(doc)")
        } else if function.isBracket, !function.isContained {
            lines.append("---@return any ...")
        }
        let names = function.parameters.map(\.name).joined(separator: ", ")
        lines.append("function \(full)(\(names)) end")
        return (classes + lines).joined(separator: "\n") + "\n"
    }

    private static func tag(
        _ kind: String,
        _ name: String,
        _ isOptional: Bool,
        _ type: String,
        _ doc: String
    ) -> String {
        "---@\(kind) \(name)\(isOptional ? "?" : "") \(type)"
            + (doc.isEmpty ? "" : " \(oneLine(doc))")
    }

    /// The type as an annotation; a table becomes a class of its own under that name.
    private static func type(_ type: ParameterType, _ path: String, _ classes: inout [String])
        -> String
    {
        switch type {
        case .string, .identifier: return "string"
        case .integer: return "integer"
        case .number: return "number"
        case .boolean: return "boolean"
        case .any: return "any"
        case .function: return "fun(...: any): any"
        case .choice(let texts): return texts.map { "\"\($0)\"" }.joined(separator: "|")
        case .list(let element, _): return "(\(self.type(element, path, &classes)))[]"
        case .map(let element): return "table<string, \(self.type(element, path, &classes))>"
        case .either(let types):
            return types.map { self.type($0, path, &classes) }.joined(separator: "|")
        case .table(let fields):
            let lines = fields.map { field in
                let type = self.type(field.type, "\(path).\(field.name)", &classes)
                return tag("field", field.name, field.isOptional, type, field.doc)
            }
            classes.append((["---@class \(path)"] + lines).joined(separator: "\n") + "\n")
            return path
        }
    }

    private static func comment(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "---\($0)" }
    }

    private static func oneLine(_ text: String) -> String { text.replacing("\n", with: " ") }
}
