/// The errors of on-host steps as diagnostics, worded in one place.
enum HostFailure {
    /// No result line came, or it was damaged: never taken for success.
    ///
    /// - Parameters:
    ///   - step: the step's name.
    ///   - changes: whether it changes something.
    ///   - cause: why there is no answer, where that is known.
    ///   - said: what came instead of an answer.
    /// - Returns: `host_no_result` or `host_outcome_unknown`.
    static func unknown(
        _ step: String,
        changes: Bool,
        cause: Diagnostic?,
        saying said: String? = nil
    ) -> Diagnostic {
        guard changes else {
            return Diagnostic(
                "host_no_result",
                "The host gave no complete answer.",
                detail: "Nothing was changed on it." + (said.map { " It said:\n\($0)" } ?? ""),
                hint: "Run the command again.",
                cause: cause
            )
        }
        return Diagnostic(
            "host_outcome_unknown",
            "It is not known whether step \(step) was carried out on the host.",
            detail: "Its marker, /var/lib/geusemaker/runs/\(step), will tell.",
            hint: "Run `geusemaker recover` once the host can be reached.",
            // Who stopped waiting is told so once the step, whatever became of it, is undone.
            kind: cause?.kind == .interrupted ? .interrupted : .needsAttention,
            cause: cause
        )
    }

    static func incomplete(_ step: String) -> Diagnostic {
        Diagnostic(
            "host_result_incomplete",
            "The host's answer to \(step) lacks something that it has to tell.",
            hint: "Run the command again; if it stays so, report it with the host's versions.",
            kind: .needsAttention
        )
    }

    /// The error for an outcome that is not `done`.
    static func diagnostic(_ result: HostResult, step: String) -> Diagnostic {
        switch result.outcome {
        case .running:
            return Diagnostic(
                "host_step_running",
                "Step \(step) still runs on the host.",
                hint: "Run `geusemaker recover` when it has ended.",
                kind: .needsAttention
            )
        case .interrupted:
            return Diagnostic(
                "host_step_interrupted",
                "Step \(step) began on the host and was cut short.",
                detail: "How far it came is not known from its marker.",
                hint: "Run `geusemaker recover`.",
                kind: .needsAttention
            )
        case .locked:
            return Diagnostic(
                "host_locked",
                "Another step is at work on the host.",
                detail: "It holds /var/lib/geusemaker/lock. This step changed nothing.",
                hint: "Wait until it has ended.",
                kind: .locked
            )
        case .leased:
            return leased(by: LeaseReading.facts(result.payload).flatMap(\.holder))
        case .fenced:
            return leaseLost(step)
        case .tooLarge:
            let size = result.payload.word("size") ?? "unknown"
            let room = result.payload.word("room").flatMap(Int.init) ?? HostAnswer.systemsManager
            return Diagnostic(
                "host_output_too_large",
                "What the host has to say is too large for the transport.",
                detail: "\(size) bytes before packing; the packed limit is \(room) characters.",
                hint: room < HostAnswer.secureShell
                    ? "Use `--transport ssh`, which takes far more, or shorten the compose file."
                    : "Shorten the compose file."
            )
        case .done, .failed:
            let words = result.payload.word("error")?.split(separator: " ") ?? []
            let evidence = words.dropFirst().first.flatMap { HostPayload.text($0) } ?? ""
            // Where it is the mount point, what was seen of that says more; else it is what went wrong.
            if let code = words.first.map(String.init), code.hasPrefix("efs_"),
                evidence.hasPrefix("/"), !evidence.contains("\n"),
                let storage = StorageReading.facts(result.payload, mountPoint: evidence)
            {
                return StorageProof.diagnostic(code, storage, nil)
            }
            return diagnostic(
                code: words.first.map(String.init) ?? "host_failed",
                evidence: evidence,
                image: result.payload.text("refused")
            )
        }
    }

    /// The error for a code that a script gave, with its evidence.
    static func diagnostic(code: String, evidence: String, image: String? = nil) -> Diagnostic {
        let shown = VisibleText.filtered(evidence, keepingLines: true)
        let detail = shown.isEmpty ? nil : shown
        if code == "image_pull_failed" {
            return DockerFailure.pull(of: image ?? "an image", saying: shown)
        }
        if code == "host_tool_missing" {
            return Diagnostic(
                code,
                "The host has no \(shown) that works, and no step can do without it.",
                detail: "This step changed nothing.",
                hint: "Install the package there that has \(shown), and run the command again.",
                kind: .refused
            )
        }
        let (summary, hint) =
            wording[code] ?? RotationFailure.wording[code] ?? (
                "A step on the host failed (\(code)).", nil
            )
        let isRefusal =
            code.hasPrefix("compose_") || code.hasPrefix("efs_") || code.hasPrefix("credentials_")
        return Diagnostic(
            code,
            summary,
            detail: detail,
            hint: hint,
            kind: isRefusal && code != "compose_up_failed" ? .refused : .failed
        )
    }

    private static let wording: [String: (summary: String, hint: String?)] = [
        "docker_unavailable": (
            "The docker engine on the host does not answer.", "Run `systemctl status docker` there."
        ),
        "compose_missing": (
            "Docker compose is not installed on the host.", "Install the compose plugin there."
        ),
        "compose_not_found": (
            "No compose project and no compose file was found on the host.",
            "Looked for containers with compose labels, and for compose.yaml, compose.yml, "
                + "docker-compose.yml and docker-compose.yaml in /opt/geusemaker, "
                + "/opt/geusemaker/runtime and /root."
        ),
        "compose_file_missing": (
            "The compose file that the containers were started from is not there.",
            "Put the file back, or start the project from its new place once."
        ),
        "compose_file_is_symlink": (
            "The compose file is a symbolic link.", "Put the file itself there."
        ),
        "compose_several_projects": (
            "More than one compose project runs on the host.", "Stop those that are not the stack."
        ),
        "compose_environment_files": (
            "The project has several environment files, of which this compose reads the last one alone.",
            "Update docker compose on the host to 2.17 or newer, or join the files into one."
        ),
        "compose_config_failed": (
            "`docker compose config` refuses the compose file.",
            "Correct what it names; nothing was changed."
        ),
        "compose_changed": (
            "The compose file changed since it was read.",
            "Run the command again; it reads the file anew."
        ),
        "compose_image_mismatch": (
            "After the edit compose resolves another image than asked for.",
            "Look for the variable in `.env`, `runtime.env` and the environment."
        ),
        "compose_backup_damaged": (
            "The saved compose file is missing or damaged.",
            "Use the copy under .geusemaker/backups on the data mount."
        ),
        "compose_write_failed": ("The compose file could not be written.", nil),
        "compose_up_failed": ("`docker compose up` failed.", nil),
        "compose_too_complex": ("The compose file is larger than 1 MiB.", nil),
        "compose_unmasked": (
            "The secrets in the compose file could not be masked in time, so that nothing of it was read.",
            "Run the command again when the host has less to do; nothing was changed."
        ),
        "services_still_running": ("Some services still run after `docker compose stop`.", nil),
        "host_marker": ("The host's own directory /var/lib/geusemaker can't be written.", nil),
        "host_lease_damaged": (
            "The host's lease file does not say what it should.",
            "Look at /var/lib/geusemaker/lease there; remove it if no update is under way."
        ),
        "image_lost": (
            "An image that ran before is not on the host any more and cannot be had again.", nil
        ),
        "exec_service_down": (
            "The service has no container that runs, so that no command can run in it.",
            "Look why it is down: geusemaker describe NAME"
        ),
        "exec_timed_out": (
            "The command did not end in time and was ended.", "Give it more time with `timeout`."
        ),
        "host_backup_failed": ("The compose file could not be saved on the host.", nil),
        "efs_not_mounted": ("Nothing is mounted where the data should be.", nil),
        "efs_read_only": ("The data mount is read-only.", nil),
        "efs_hung": ("The data mount does not answer within its time limit.", nil),
        "efs_stale": ("The data mount has a stale file handle.", nil),
        "efs_denied": ("The data mount denies the host what it needs.", nil),
        "efs_failed": ("The data mount can't be read or written.", nil),
        "efs_nonce_missing": ("The mark written on the data mount can't be read back.", nil),
        "service_exited": ("A service ended by itself.", nil),
        "service_restarting": ("A service is restarted over and over.", nil),
        "service_unhealthy": ("A service fails its health check.", nil),
        "service_unanswered": ("A service does not answer its probe.", nil),
        "probe_no_tool": (
            "The host has no program that can ask a service for its probe.",
            "Install curl or python3 on the host, or take the probe out of the config file."
        ),
        "service_waiting": ("A service did not become healthy in time.", nil),
        "service_without_gpu": ("A service that saw a GPU before sees none now.", nil),
        "policy_not_held": (
            "A restart policy could not be put off, so that docker would start a service before EFS is proven.",
            "See what docker says, or give the service `restart: unless-stopped`."
        ),
        "dump_damaged": (
            "A dump is not what it was when it was taken, or not there any more.",
            "See other backups: geusemaker backup list NAME"
        ),
        "restore_failed": ("The data could not be put back from its dump.", nil),
        "restore_timeout": ("Putting the data back did not end within its time limit.", nil),
        "dump_failed": (
            "The data could not be dumped before the change.",
            "Mend what it says, or go without a dump: --allow no-dump"
        ),
        "dump_not_whole": (
            "A dump of the data was written and does not read back whole.",
            "Look at the file system and the database, and run the command again."
        ),
        "dump_no_space": (
            "The file system has no room for a dump of the data.",
            "Free space on it, or go without a dump: --allow no-dump"
        ),
        "dump_no_tool": (
            "The host has neither python3 nor sqlite3 to copy a SQLite database that is in use.",
            "Install one of them on the host, or go without a dump: --allow no-dump"
        ),
        "dump_timeout": (
            "The dump of the data did not end within its time limit.",
            "Take one by hand, then go without: --allow no-dump"
        ),
        "service_well": ("The services did not stay healthy long enough.", nil),
    ]
}
