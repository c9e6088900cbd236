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
    public static let all: [StockScript] = [
        StockScript(
            name: "backup.lua",
            source: String(decoding: PackageResources.backup_lua, as: UTF8.self)
        ),
        StockScript(
            name: "maintenance.lua",
            source: String(decoding: PackageResources.maintenance_lua, as: UTF8.self)
        ),
        StockScript(
            name: "resize_night.lua",
            source: String(decoding: PackageResources.resize_night_lua, as: UTF8.self)
        ),
        StockScript(
            name: "restore.lua",
            source: String(decoding: PackageResources.restore_lua, as: UTF8.self)
        ),
        StockScript(
            name: "rollback.lua",
            source: String(decoding: PackageResources.rollback_lua, as: UTF8.self)
        ),
        StockScript(
            name: "rotate_credentials.lua",
            source: String(decoding: PackageResources.rotate_credentials_lua, as: UTF8.self)
        ),
        StockScript(
            name: "rotate_images.lua",
            source: String(decoding: PackageResources.rotate_images_lua, as: UTF8.self)
        ),
        StockScript(
            name: "security_patch.lua",
            source: String(decoding: PackageResources.security_patch_lua, as: UTF8.self)
        ),
        StockScript(
            name: "update.lua",
            source: String(decoding: PackageResources.update_lua, as: UTF8.self)
        ),
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
