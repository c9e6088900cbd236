/// A script for SSM Run Command's document AWS-RunShellScript.
struct ShellCommand {
    /// The script's text.
    var script: String
    /// What the command is found again by, at most 100 characters.
    var comment: String
    /// Seconds for the command to reach the agent; SSM wants 30 at least.
    var deliveryTimeout: Int
    /// Seconds for the script to run.
    var executionTimeout: Int

    /// The input of SendCommand.
    func input(_ instance: InstanceID) -> JSONValue {
        [
            "DocumentName": "AWS-RunShellScript",
            "InstanceIds": [.string(instance.text)],
            "Comment": .string(comment),
            "TimeoutSeconds": .int(max(30, deliveryTimeout)),
            "Parameters": [
                "commands": [.string(script)],
                "executionTimeout": [.string(String(max(1, min(executionTimeout, 172_800))))],
            ],
        ]
    }
}
