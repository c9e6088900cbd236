/// What a script has done to a stack that the stack's configuration does not show: afterwards type,
/// compose file and images are what they were.
public enum PlanOperation: Sendable, Equatable {
    /// Stops a service and starts it again.
    case restart(ServiceName)
    /// Changes the desired capacity of the Auto Scaling group that owns the instance.
    case scale(group: String, from: Int, to: Int)
    /// Runs a command.
    case exec(HostCommand)
    /// Removes images of the stack's repositories that nothing needs any more.
    case prune
    /// Asks one more question.
    case confirm(String)
    /// Waits for a moment; what would go past the end, if there is one, is not begun then.
    case wait(until: Timestamp, finishBy: Timestamp?)

    /// What it does, in a few words.
    var title: String {
        switch self {
        case .restart(let service): "restart \(service)"
        case .scale(let group, let from, let to) where from == to:
            "wait until \(VisibleText.filtered(group)) has \(to) instances in service"
        case .scale(let group, let from, let to):
            "scale \(VisibleText.filtered(group)) from \(from) to \(to)"
        case .exec(let command):
            command.title
                + (command.undo.map { ", undone by \(HostCommand.line($0))" } ?? "")
        case .prune: "remove superseded images"
        case .confirm(let question): "ask \"\(question)\""
        case .wait(let time, let end):
            "wait until \(time.text)"
                + (end.map { " and begin nothing that would go past \($0.text)" } ?? "")
        }
    }

    /// Whether it changes something that runs.
    var isChange: Bool {
        switch self {
        case .restart, .scale, .exec: true
        case .prune, .confirm, .wait: false
        }
    }

    /// The change as a row, if it has a value before and one after.
    var change: PlanChange? {
        guard case .scale(_, let from, let to) = self, from != to else { return nil }
        return PlanChange(subject: "desired capacity", current: String(from), new: String(to))
    }

    /// The calls of the cloud and the work on the host that it consists of.
    var actions: [String] {
        switch self {
        case .restart: ["host: prove EFS, compose stop, compose up, wait for health"]
        case .scale(_, let from, let to):
            (from == to ? [] : ["SetDesiredCapacity"])
                + ["DescribeAutoScalingGroups until all are InService"]
        case .exec(let command):
            [command.service == nil ? "host: the command itself" : "host: docker exec"]
        case .prune: ["host: docker image rm of what no container and no kept backup needs"]
        case .confirm, .wait: []
        }
    }

    /// What becomes of it when a later step fails.
    var reversibility: PlanStep.Reversibility {
        switch self {
        case .restart, .scale: .reversible
        case .exec(let command): command.undo == nil ? .oneWay : .reversible
        case .prune: .oneWay
        case .confirm, .wait: .harmless
        }
    }

    /// Seconds for which something is expected to be down.
    func downtime(_ estimate: DowntimeEstimate) -> Double {
        if case .restart = self { estimate.recreate.seconds } else { 0 }
    }
}

extension PlanOperation {
    /// The data form; its `step` tells it from the other steps.
    var json: JSONValue {
        switch self {
        case .restart(let service): ["step": "restart", "service": .string(service.text)]
        case .scale(let group, let from, let to):
            ["step": "scale", "group": .string(group), "from": .int(from), "to": .int(to)]
        case .exec(let command):
            .object(JSONObject([("step", .string("exec"))] + command.members))
        case .prune: ["step": "prune"]
        case .confirm(let question): ["step": "confirm", "question": .string(question)]
        case .wait(let time, let end):
            [
                "step": "wait", "until": .string(time.text),
                "finish_by": end.map { .string($0.text) } ?? .null,
            ]
        }
    }

    /// What its steps are called in the data form.
    static let words = ["restart", "scale", "exec", "prune", "confirm", "wait"]

    /// Reads the data form; nil when it is of another kind of step, or lacks something.
    init?(json: JSONValue) {
        switch json["step"]?.stringValue {
        case "restart":
            guard let name = json["service"]?.stringValue.flatMap({ try? ServiceName($0) }) else {
                return nil
            }
            self = .restart(name)
        case "scale":
            guard let group = json["group"]?.stringValue, let from = json["from"]?.intValue,
                let to = json["to"]?.intValue
            else { return nil }
            self = .scale(group: group, from: from, to: to)
        case "exec":
            guard let command = HostCommand(json: json) else { return nil }
            self = .exec(command)
        case "prune": self = .prune
        case "confirm":
            guard let question = json["question"]?.stringValue else { return nil }
            self = .confirm(question)
        case "wait":
            guard let time = json["until"]?.stringValue.flatMap({ Timestamp($0) }) else {
                return nil
            }
            self = .wait(
                until: time,
                finishBy: json["finish_by"]?.stringValue.flatMap { Timestamp($0) }
            )
        default: return nil
        }
    }
}
