import Foundation
import Testing

/// A script of Tests/lua; comments at its beginning say what it expects.
struct LuaFile: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String

    static func all(in folder: String) -> [LuaFile] {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let directory = here.deletingLastPathComponent().appending(path: "lua/\(folder)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.sorted().compactMap { name in
            let text = try? String(contentsOf: directory.appending(path: name), encoding: .utf8)
            return text.map { LuaFile(name: name, text: $0) }
        }
    }

    /// The words behind `-- key:`.
    func header(_ key: String) -> [String]? {
        let prefix = "-- \(key): "
        let line = text.split(separator: "\n").prefix(5).first { $0.hasPrefix(prefix) }
        return line?.dropFirst(prefix.count).split(separator: " ").map(String.init)
    }

    func number(_ key: String) -> Double? { header(key)?.first.flatMap(Double.init) }

    var testDescription: String { name }
}
