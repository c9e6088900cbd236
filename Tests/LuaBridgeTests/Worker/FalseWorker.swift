import GeuseRuntime

@testable import LuaBridge

/// Something at the other end of the socket that only claims to be a worker.
enum FalseWorker {
    /// The core's side of the conversation; nil when it took all that was said for a whole run.
    static func talk(over socket: Int32, _ recorder: Recorder, ownTime: Double) -> ScriptFailure? {
        let limits = ScriptLimits(ownTime: ownTime)
        let worker = ScriptWorker(socket: socket, limits: limits, clock: SystemClock())
        do {
            try worker.run(
                ScriptSource(name: "t.lua", text: ""),
                with: Dispatcher([TestModule.geuse]),
                in: recorder
            )
            return nil
        } catch {
            return error
        }
    }
}
