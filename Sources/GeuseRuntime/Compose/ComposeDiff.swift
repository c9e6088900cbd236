extension ComposeDocument {
    /// The changed lines for display, in the manner of a unified diff without context.
    ///
    /// Only lines with an edit are shown, cut to the edited scalar's own line, with control
    /// characters made visible.
    public func diff(_ edits: [ComposeEdit]) -> [String] {
        edits.sorted { $0.offset < $1.offset }.flatMap { edit -> [String] in
            let end = edit.offset + edit.old.utf8.count
            guard edit.offset >= 0, end <= bytes.count else { return [] }
            let before = bytes[..<edit.offset]
            let start = before.lastIndex { $0 == 0x0A || $0 == 0x0D }.map { $0 + 1 } ?? 0
            let stop = bytes[end...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
            let line = 1 + before.count { $0 == 0x0A }
            let head = String(decoding: bytes[start..<edit.offset], as: UTF8.self)
            let tail = String(decoding: bytes[end..<stop], as: UTF8.self)
            return [
                "@@ -\(line) +\(line) @@ \(edit.service)",
                "-" + VisibleText.filtered(head + edit.old + tail),
                "+" + VisibleText.filtered(head + edit.new + tail),
            ]
        }
    }
}
