import GeuseRuntime

/// Rows under headings, each column as wide as its widest cell.
struct Table {
    let text: String

    init(_ headings: [String], _ rows: [[String]], empty: String) {
        guard !rows.isEmpty else {
            text = empty
            return
        }
        let cells = [headings] + rows.map { $0.map { VisibleText.filtered($0) } }
        let widths = headings.indices.map { column in
            cells.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        text =
            cells.map { row in
                row.enumerated().map { index, cell in
                    index == row.count - 1 ? cell : cell.padded(widths[index])
                }.joined(separator: "  ")
            }.joined(separator: "\n") + "\n"
    }
}
