/// A parameter, field or part of a result as the printers list it: tables are taken apart.
struct ParameterRow {
    /// Such as `options.fallback`.
    let path: String
    let type: String
    let isOptional: Bool
    let doc: String

    /// The parameters of a function and, behind each table, its keys.
    static func rows(_ parameters: [Parameter], under prefix: String = "") -> [ParameterRow] {
        parameters.flatMap { parameter in
            let path = prefix + parameter.name
            let row = ParameterRow(
                path: path,
                type: parameter.type.name,
                isOptional: parameter.isOptional,
                doc: parameter.doc
            )
            return [row] + rows(parameter.type, under: path)
        }
    }

    /// The keys of the tables in a type.
    static func rows(_ type: ParameterType, under path: String) -> [ParameterRow] {
        switch type {
        case .table(let fields): rows(fields, under: path.isEmpty ? "" : path + ".")
        case .list(let element, _): rows(element, under: path + "[]")
        case .map(let element): rows(element, under: path + ".*")
        case .either(let types): types.flatMap { rows($0, under: path) }
        default: []
        }
    }
}
