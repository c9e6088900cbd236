/// A value that must not be shown: it prints, dumps and compares without telling what it is.
public struct Secret: Sendable, Equatable {
    private let value: String

    /// Wraps a value.
    public init(_ value: String) { self.value = value }

    /// The value itself, for the one place that has to send it.
    public func reveal() -> String { value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A fixed word.
    public var description: String { "<redacted>" }
    /// A fixed word.
    public var debugDescription: String { "<redacted>" }
    /// A mirror with no children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
