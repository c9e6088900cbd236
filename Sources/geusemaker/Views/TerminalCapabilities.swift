import Glibc

/// What the terminal at a descriptor can show.
struct TerminalCapabilities: Sendable {
    /// Whether a person is looking.
    let isTerminal: Bool
    /// Whether colour is wanted (https://no-color.org; FORCE_COLOR wins).
    let hasColor: Bool
    /// Whether lines may be rewritten.
    let animates: Bool
    /// Whether more than ASCII can be shown.
    let isUnicode: Bool
    /// Characters in a line.
    let width: Int

    init(descriptor: Int32, environment: [String: String]) {
        isTerminal = isatty(descriptor) == 1
        let isDumb = environment["TERM"] == "dumb" || environment["TERM"] == nil
        let forced = environment["FORCE_COLOR"].map { !$0.isEmpty && $0 != "0" } ?? false
        let refused = !(environment["NO_COLOR"] ?? "").isEmpty
        hasColor = forced || (isTerminal && !isDumb && !refused)
        animates = isTerminal && !isDumb
        let locale =
            [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]]
            .compactMap { $0 }.first { !$0.isEmpty } ?? ""
        isUnicode = locale.lowercased().contains("utf")
        var size = winsize()
        let known = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = known ? Int(size.ws_col) : 80
    }

    /// The text in a colour, where colour is wanted.
    func paint(_ text: String, _ color: Color) -> String {
        hasColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The few colours that are used (ECMA-48 SGR).
    enum Color: Int, Sendable {
        case bold = 1
        case dim = 2
        case red = 31
        case green = 32
        case yellow = 33
    }
}
