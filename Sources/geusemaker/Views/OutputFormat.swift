import ArgumentParser
import GeuseRuntime

/// How a command's result is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case yaml
}

/// The document that GeuseMaker's own commands print, so that one reader serves both tools.
enum Envelope {
    static func ok(_ message: String, _ data: JSONValue, at time: Timestamp) -> JSONValue {
        [
            "status": "ok", "timestamp": .string(time.text), "message": .string(message),
            "data": data,
        ]
    }

    static func error(_ error: Diagnostic, data: JSONValue? = nil, at time: Timestamp) -> JSONValue
    {
        var object = JSONObject([
            ("status", "error"), ("timestamp", .string(time.text)),
            ("message", .string(error.summary)), ("error_code", .string(error.code)),
        ])
        var errors: [JSONValue] = [.string(error.summary)]
        errors += [error.detail, error.hint].compactMap { $0 }.map(JSONValue.string)
        errors += error.causes.map { .string("\($0.code): \($0.summary)") }
        object["errors"] = .array(errors)
        if let data { object["data"] = data }
        return .object(object)
    }
}
