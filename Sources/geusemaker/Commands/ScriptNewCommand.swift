import ArgumentParser
import GeuseRuntime
import Glibc
import LuaBridge

extension ScriptCommand {
    /// `script new NAME`.
    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new",
            abstract: "Write a script and its tests to begin with; nothing is ever overwritten."
        )
        @Argument(help: "The script's name; NAME.lua and NAME_test.lua are written.")
        var name: String
        @OptionGroup var global: GlobalOptions

        /// Gives a file the mode that an editor would: it is source, which colleagues read, and no state.
        private static func share(_ path: String) {
            let mask = umask(0)
            _ = umask(mask)
            _ = chmod(path, 0o666 & ~mask)
        }

        func run() throws {
            try CommandFrame(global).report { frame in
                let template = try ScriptTemplate(name)
                try template.write(frame.files)
                let paths = template.files.map(\.path)
                paths.forEach(Self.share)
                return CommandReport(
                    message: "Wrote \(paths.joined(separator: " and "))",
                    data: ["files": .array(paths.map(JSONValue.string))],
                    text: "Wrote \(VisibleText.filtered(paths.joined(separator: " and "))).\n"
                        + "Try it: geusemaker script test \(ShellText.quoted(paths[1]))\n"
                )
            }
        }
    }
}
