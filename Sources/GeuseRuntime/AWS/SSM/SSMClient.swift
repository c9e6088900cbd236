/// The calls of Systems Manager that an update makes (JSON 1.1).
final class SSMClient {
    private static let target = "AmazonSSM"

    private let client: ServiceClient

    /// Calls through a client of SSM.
    init(_ client: ServiceClient) { self.client = client }

    /// What all calls of the session share.
    var context: RequestContext { client.context }

    private func call(_ operation: String, _ input: JSONValue) throws -> JSONValue {
        let call = ServiceCall.json(operation, target: Self.target, input)
        return try JSONParser.parse(try client.call(call).body)
    }

    /// SendCommand of AWS-RunShellScript to one instance; the id of the command.
    ///
    /// There is no client token: a call whose reply is lost fails with `request_outcome_unknown` and
    /// is not sent again.
    func sendCommand(_ command: ShellCommand, to instance: InstanceID) throws -> String {
        var call = ServiceCall.json("SendCommand", target: Self.target, command.input(instance))
        call.isIdempotent = false
        let response = try client.call(call)
        let reply = try? JSONParser.parse(response.body)
        guard let id = reply?["Command"]?["CommandId"]?.stringValue else {
            throw Diagnostic(
                ServiceClient.outcomeUnknown,
                "SSM SendCommand answered without a command id."
            )
        }
        return id
    }

    /// GetCommandInvocation.
    func invocation(_ command: String, on instance: InstanceID) throws -> CommandInvocation {
        try CommandInvocation(
            call(
                "GetCommandInvocation",
                ["CommandId": .string(command), "InstanceId": .string(instance.text)]
            )
        )
    }

    /// ListCommands on an instance since a moment: ids with their comments, newest pages first.
    func listCommands(on instance: InstanceID, since: Timestamp) throws -> [(
        id: String, comment: String
    )] {
        var found: [(id: String, comment: String)] = []
        try Pages.each("SSM ListCommands") { token in
            var input: JSONObject = JSONObject([
                ("InstanceId", .string(instance.text)),
                ("MaxResults", .int(50)),
                ("Filters", [["key": "InvokedAfter", "value": .string(since.wholeSeconds)]]),
            ])
            if let token { input["NextToken"] = .string(token) }
            let reply = try call("ListCommands", .object(input))
            for item in reply["Commands"]?.arrayValue ?? [] {
                guard let id = item["CommandId"]?.stringValue else { continue }
                found.append((id, item["Comment"]?.stringValue ?? ""))
            }
            return reply["NextToken"]?.stringValue
        }
        return found
    }

    /// CancelCommand; the service may or may not get to it in time.
    func cancel(_ command: String, on instance: InstanceID) throws {
        _ = try call(
            "CancelCommand",
            ["CommandId": .string(command), "InstanceIds": [.string(instance.text)]]
        )
    }

    /// DescribeInstanceInformation of one instance; nil when its agent is not registered.
    func agent(on instance: InstanceID) throws -> AgentFacts? {
        var found: JSONValue?
        try Pages.each("SSM DescribeInstanceInformation") { token in
            var input = JSONObject([
                ("Filters", [["Key": "InstanceIds", "Values": [.string(instance.text)]]])
            ])
            if let token { input["NextToken"] = .string(token) }
            let reply = try call("DescribeInstanceInformation", .object(input))
            guard let list = reply["InstanceInformationList"]?.arrayValue else {
                throw Diagnostic("invalid_reply", "SSM answered without InstanceInformationList.")
            }
            found = list.first
            return found == nil ? reply["NextToken"]?.stringValue : nil
        }
        guard let item = found, let status = item["PingStatus"]?.stringValue else { return nil }
        return AgentFacts(pingStatus: status, version: item["AgentVersion"]?.stringValue)
    }
}

extension Timestamp {
    /// The text form cut to whole seconds, as the SSM filters want it.
    fileprivate var wholeSeconds: String { String(text.prefix(19)) + "Z" }
}
