/// A module that a script asked for, and what it was then; journals and plan files know it by that.
public struct ModuleHash: Sendable, Equatable {
    /// The name that was given to `require`.
    public let name: String
    /// SHA-256 of its text in hexadecimal; nil for one that was not there.
    public let sha256: String?

    /// Makes the value.
    public init(name: String, sha256: String?) {
        self.name = name
        self.sha256 = sha256
    }

    /// The data form of several.
    static func json(_ modules: [ModuleHash]) -> JSONValue {
        .object(
            JSONObject(modules.map { ($0.name, $0.sha256.map(JSONValue.string) ?? .null) })
        )
    }

    /// Reads the data form of several; what earlier versions wrote says nothing of any.
    static func list(json: JSONValue?) -> [ModuleHash] {
        (json?.objectValue?.members ?? []).map {
            ModuleHash(name: $0.name, sha256: $0.value.stringValue)
        }
    }
}
