import GeuseRuntime

/// Prints the API for a terminal, from the declarations.
public enum TerminalHelp {
    /// One line for each function.
    public static func overview(_ modules: [ModuleSignature]) -> String {
        let rows = modules.flatMap { module in
            module.functions.map { (synopsis($0, in: module), $0.summary) }
        }
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { synopsis, summary in
            synopsis + String(repeating: " ", count: width - synopsis.count + 2) + summary + "\n"
        }
        .joined()
    }

    /// All about one function, or nil when there is none of that name.
    ///
    /// The module's name may be left out.
    public static func page(_ name: String, in modules: [ModuleSignature]) -> String? {
        for module in modules {
            let found = module.functions.first {
                $0.name == name || module.fullName(of: $0) == name
            }
            if let found { return page(found, in: module) }
        }
        return nil
    }

    /// The function that a misspelt name was meant to be, with its module where the name has one.
    public static func nearest(_ name: String, in modules: [ModuleSignature]) -> String? {
        guard let dot = name.lastIndex(of: ".") else {
            return NearNames.closest(to: name, among: modules.flatMap { $0.functions.map(\.name) })
        }
        let asked = (module: String(name[..<dot]), name: String(name[name.index(after: dot)...]))
        // Part by part: with its module's name before it a short name would be like any other.
        let found = modules.compactMap { module -> String? in
            guard let known = module.name,
                NearNames.closest(to: asked.module, among: [known]) != nil
            else { return nil }
            let near = NearNames.closest(to: asked.name, among: module.functions.map(\.name))
            return near.map { "\(known).\($0)" }
        }
        return found.first
    }

    private static func synopsis(_ function: FunctionSignature, in module: ModuleSignature)
        -> String
    {
        (module.name.map { $0 + "." } ?? "") + function.synopsis
    }

    private static func page(_ function: FunctionSignature, in module: ModuleSignature) -> String {
        var text = "\(synopsis(function, in: module))\n\n\(function.summary)\n"
        let rows = ParameterRow.rows(function.parameters)
        if !rows.isEmpty { text += "\n" + list(rows) }
        if let result = function.result {
            text += "\nReturns: \(result.type.name)\(result.isOptional ? " or nil" : "")."
            text += result.doc.isEmpty ? "\n" : " \(result.doc)\n"
            text += list(ParameterRow.rows(result.type, under: ""))
        }
        if !function.doc.isEmpty { text += "\n\(function.doc)\n" }
        return text + "\nSince \(function.since).\n"
    }

    private static func list(_ rows: [ParameterRow]) -> String {
        let width = rows.map(\.path.count).max() ?? 0
        return rows.map { row in
            let pad = String(repeating: " ", count: width - row.path.count + 2)
            let type = row.type + (row.isOptional ? ", optional" : "")
            return "  \(row.path)\(pad)\(type)" + (row.doc.isEmpty ? "\n" : ": \(row.doc)\n")
        }
        .joined()
    }
}
