/// One thing that happened during a run, for whoever shows it.
public enum RunEvent: Sendable, Equatable {
    /// A phase of its own right began, such as reading the facts.
    case phase(String)
    /// An effect began; `index` counts from 1 over the steps shown.
    case stepStarted(title: String)
    /// Something is known about the step that is under way.
    case stepProgress(String)
    /// The step ended well after so many seconds.
    case stepFinished(title: String, seconds: Double, note: String?)
    /// The step failed.
    case stepFailed(title: String, seconds: Double, Diagnostic)
    /// The script said something.
    case scriptLog(String)
    /// Something the user should know.
    case warning(String)
    /// Changes are being undone.
    case undoing(because: Diagnostic)
}

/// Sees the events of a run as they happen.
public protocol Observer: AnyObject {
    /// Takes one event; must not fail.
    func observe(_ event: RunEvent)
}
