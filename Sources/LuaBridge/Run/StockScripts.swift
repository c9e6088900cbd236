import GeuseRuntime

/// A script that comes with the program; its source is part of the binary.
public struct StockScript: Sendable, Equatable {
    /// The file's name, such as `update.lua`.
    public let name: String
    /// The source.
    public let source: String

    /// The first comment line, without the dashes and the name.
    public var summary: String {
        let line = source.prefix { $0 != "\n" }.drop { $0 == "-" || $0 == " " }
        let text = line.split(separator: ":", maxSplits: 1).last ?? line
        return String(text.drop { $0 == " " })
    }
}

/// The stock scripts, embedded from `scripts/`.
public enum StockScripts {
    /// All of them, by name.
    public static let all: [StockScript] = sources.map { name, source in
        StockScript(name: name, source: String(decoding: source, as: UTF8.self))
    }

    private static let sources: [(name: String, source: [UInt8])] = [
        ("backup.lua", PackageResources.backup_lua),
        ("maintenance.lua", PackageResources.maintenance_lua),
        ("resize_night.lua", PackageResources.resize_night_lua),
        ("restore.lua", PackageResources.restore_lua),
        ("rollback.lua", PackageResources.rollback_lua),
        ("rotate_credentials.lua", PackageResources.rotate_credentials_lua),
        ("rotate_images.lua", PackageResources.rotate_images_lua),
        ("security_patch.lua", PackageResources.security_patch_lua),
        ("update.lua", PackageResources.update_lua),
    ]

    /// One of them, with or without `.lua`.
    ///
    /// - Parameter name: the name.
    /// - Returns: the script.
    /// - Throws: `Diagnostic` with code `unknown_script` that lists them.
    public static func script(_ name: String) throws -> StockScript {
        guard let script = all.first(where: { $0.name == name || $0.name == name + ".lua" }) else {
            throw Diagnostic(
                "unknown_script",
                "There is no stock script \(VisibleText.quoted(name)).",
                hint: "The stock scripts are: \(all.map(\.name).joined(separator: ", ")).",
                kind: .usage
            )
        }
        return script
    }
}
