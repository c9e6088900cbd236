import GeuseRuntime

/// The errors that were raised in a script, so that the one that ends it is known for the core's own.
///
/// Only the last ones are kept: a script that raises errors without end must not fill the core.
struct RaisedErrors {
    static let kept = 256

    private var last: [Diagnostic] = []
    private var count = 0

    /// Keeps an error.
    ///
    /// - Returns: its id, from 1 on.
    mutating func add(_ error: Diagnostic) -> Int {
        count += 1
        last.append(error)
        if last.count > Self.kept { last.removeFirst() }
        return count
    }

    /// The error of that id, if it is still kept.
    subscript(id: Int) -> Diagnostic? {
        // The id comes from the worker: any number may come, and the sum below is to stay one.
        guard id > 0, id <= count else { return nil }
        let index = id - 1 - (count - last.count)
        return last.indices.contains(index) ? last[index] : nil
    }
}
