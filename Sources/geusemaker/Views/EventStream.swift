import GeuseRuntime

/// Writes each event of a run as one line of JSON on stderr (`--events`).
final class EventStream: Observer {
    private let clock: any Clock

    init(clock: any Clock) { self.clock = clock }

    func observe(_ event: RunEvent) {
        var object = JSONObject([("time", .string(clock.now().text))])
        switch event {
        case .phase(let title):
            object["event"] = "phase"
            object["title"] = .string(title)
        case .stepStarted(let title):
            object["event"] = "step_started"
            object["title"] = .string(title)
        case .stepProgress(let note):
            object["event"] = "step_progress"
            object["note"] = .string(note)
        case .stepFinished(let title, let seconds, _):
            object["event"] = "step_finished"
            object["title"] = .string(title)
            object["seconds"] = .double(seconds)
        case .stepFailed(let title, let seconds, let error):
            object["event"] = "step_failed"
            object["title"] = .string(title)
            object["seconds"] = .double(seconds)
            object["error_code"] = .string(error.code)
        case .scriptLog(let text):
            object["event"] = "log"
            object["text"] = .string(text)
        case .warning(let text):
            object["event"] = "warning"
            object["text"] = .string(text)
        case .undoing(let cause):
            object["event"] = "undoing"
            object["error_code"] = .string(cause.code)
        }
        StandardStreams.talk(JSONWriter.write(.object(object)) + "\n")
    }
}
