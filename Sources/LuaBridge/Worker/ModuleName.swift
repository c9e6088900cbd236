import GeuseRuntime

/// The names that `require` takes: they can't leave the directory that modules are looked up in.
enum ModuleName {
    /// Whether it is one to eight words of ASCII letters, digits, `_` and `-`, joined by dots.
    static func accepts(_ name: String) -> Bool {
        let words = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return (1...8).contains(words.count) && name.utf8.count <= 128
            && words.allSatisfy {
                !$0.isEmpty && $0.first != UInt8(ascii: "-") && $0.allSatisfy(isPart)
            }
    }

    /// Whether it is one word, as the names of the program's own modules are.
    static func isPlain(_ name: String) -> Bool { accepts(name) && !name.contains(".") }

    /// The error for one that is none.
    static func invalid(_ name: String) -> Diagnostic {
        Diagnostic(
            "invalid_module_name",
            "\(VisibleText.quoted(name)) can't be the name of a module.",
            detail: "It is words of letters, digits, _ and -, joined by dots.",
            hint: "require \"common.images\" reads common/images.lua beside the script.",
            kind: .usage
        )
    }

    /// What `require` gives without a file, before any: the libraries and the program's own modules.
    static func builtIn(_ modules: [ModuleSignature]) -> [String] {
        ["coroutine", "math", "string", "table", "utf8"] + modules.compactMap(\.name)
    }

    /// An error of `require`, with the name of the program's own module or library that was probably meant.
    static func hinting(
        _ error: Diagnostic,
        at name: String,
        _ modules: [ModuleSignature]
    ) -> Diagnostic {
        guard error.code == "module_not_found", error.hint == nil else { return error }
        return NearNames.closest(to: name, among: builtIn(modules)).map {
            error.withHint("Did you mean \($0)?")
        } ?? error
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
