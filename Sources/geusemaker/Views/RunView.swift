import GeuseRuntime

/// How the events of a run are shown.
enum RunView {
    case timeline(Timeline)
    case events(EventStream)

    /// A timeline that moves where the terminal can.
    static func timeline(_ terminal: TerminalCapabilities) -> RunView {
        let timeline = Timeline(terminal)
        timeline.animate()
        return .timeline(timeline)
    }

    var observer: any Observer {
        switch self {
        case .timeline(let timeline): timeline
        case .events(let stream): stream
        }
    }

    /// Clears what moves before a question is asked.
    func pause() {
        if case .timeline(let timeline) = self { timeline.pause() }
    }

    func close() {
        if case .timeline(let timeline) = self { timeline.close() }
    }
}
