/// Prints the reference of the API as Markdown, from the declarations.
public enum MarkdownReference {
    /// The reference of these modules, a section each.
    public static func text(_ modules: [ModuleSignature]) -> String {
        modules.map { module in
            let title = "## \(module.name ?? "Global functions")\n\n\(module.summary)\n"
            return ([title] + module.functions.map { function($0, in: module) })
                .joined(separator: "\n")
        }
        .joined(separator: "\n")
    }

    private static func function(_ function: FunctionSignature, in module: ModuleSignature)
        -> String
    {
        let prefix = module.name.map { $0 + "." } ?? ""
        var parts = ["### `\(prefix)\(function.synopsis)`", function.summary]
        let rows = ParameterRow.rows(function.parameters)
        if !rows.isEmpty { parts.append(table(rows)) }
        if let result = function.result {
            let type = result.type.name + (result.isOptional ? " or nil" : "")
            parts.append("Returns: \(type)." + (result.doc.isEmpty ? "" : " \(result.doc)"))
            let fields = ParameterRow.rows(result.type, under: "")
            if !fields.isEmpty { parts.append(table(fields)) }
        } else if function.isBracket, !function.isContained {
            parts.append("Returns what the function returns.")
        }
        if !function.doc.isEmpty { parts.append(function.doc) }
        parts.append("Since \(function.since).")
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func table(_ rows: [ParameterRow]) -> String {
        let lines = rows.map { row in
            let type = row.type + (row.isOptional ? ", optional" : "")
            return "| `\(row.path)` | \(cell(type)) | \(cell(row.doc)) |"
        }
        return (["| name | type | |", "|---|---|---|"] + lines).joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}
