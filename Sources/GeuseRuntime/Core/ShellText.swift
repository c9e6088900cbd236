/// Text as one word of a POSIX shell, for commands that are shown to a person.
///
/// Nothing is ever run from such text.
public enum ShellText {
    /// The text itself if every shell reads it as one plain word, else in single quotes.
    public static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && !text.hasPrefix("~")
            && text.utf8.allSatisfy {
                Grammar.isLetter($0) || Grammar.isDigit($0) || "/._-+=:@%,~".utf8.contains($0)
            }
        guard !isPlain else { return text }
        return "'" + VisibleText.filtered(text).replacing("'", with: #"'\''"#) + "'"
    }
}
