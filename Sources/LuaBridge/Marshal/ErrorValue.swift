import GeuseRuntime

/// An error on its way between the core and a script, where it is a table.
struct ErrorValue: Equatable {
    var code: String?
    var message: String?
    var detail: String?
    var hint: String?
    var step: String?

    init(_ diagnostic: Diagnostic) {
        code = diagnostic.code
        message = diagnostic.summary
        detail = diagnostic.detail
        hint = diagnostic.hint
        step = diagnostic.step
    }

    /// From the five fields of a FAILED frame; what is not text counts as absent.
    init(fields: ArraySlice<ScriptValue>) {
        let texts = fields.map(\.lossyText)
        code = texts[0]
        message = texts[1]
        detail = texts[2]
        hint = texts[3]
        step = texts[4]
    }

    /// The table that the worker raises; `id` brings the core's own record back.
    func table(id: Int) -> ScriptValue {
        var map = ScriptMap([("id", .int(Int64(id)))])
        map["code"] = code.map(ScriptValue.string)
        map["message"] = message.map(ScriptValue.string)
        map["detail"] = detail.map(ScriptValue.string)
        map["hint"] = hint.map(ScriptValue.string)
        map["step"] = step.map(ScriptValue.string)
        return .map(map)
    }

    /// Whether the code is one that programs may compare: snake_case, up to 64 characters.
    static func isCode(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), text.utf8.count <= 64
        else { return false }
        return text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
    }
}

extension ScriptValue {
    /// Text of any string, with what is not UTF-8 replaced; for what is only shown.
    var lossyText: String? {
        switch self {
        case .string(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }
}
