/// Names the values of a lease for a script, and reads what the host says of its lease.
enum LeaseReading {
    /// No host has given so many leases, nor does a second of this era have such a number.
    private static let most = 1_000_000_000_000

    static func values(_ step: HostStep?) -> [(name: String, value: HostScript.Value)] {
        guard let step else { return [] }
        let lease = step.lease
        let holder = [lease.user, lease.machine, String(lease.process), lease.since.text]
        return [
            ("G_FENCE", .text(String(lease.fence))),
            ("G_LEASE_RUN", .text(lease.run.text)),
            ("G_HOLDER", .words([holder])),
            ("G_REPLACES", .text(step.replaces?.text ?? "")),
            ("G_ENDS", .text(step.endsLease ? "yes" : "no")),
        ]
    }

    /// The facts in a payload; nil when they are not there or damaged.
    static func facts(_ payload: HostPayload) -> HostLeaseFacts? {
        let words = payload.word("lease")?.split(separator: " ").map(String.init) ?? []
        // The next number and the time in microseconds have to be there, too.
        guard words.count == 4, let fence = Int(words[0]), (0...Self.most).contains(fence),
            let beat = Int64(words[3]), (0...Int64(Self.most)).contains(beat)
        else { return nil }
        guard words[1] != "-" else { return HostLeaseFacts(fence: fence) }
        let texts = words[2].split(separator: ":").compactMap(HostPayload.text)
        guard let run = try? RunID(words[1]), texts.count == 4, let process = Int(texts[2]),
            let since = Timestamp(texts[3])
        else { return nil }
        return HostLeaseFacts(
            fence: fence,
            holder: HostLease(
                fence: fence,
                run: run,
                user: texts[0],
                machine: texts[1],
                process: process,
                since: since
            ),
            heartbeat: Timestamp(microseconds: beat * 1_000_000)
        )
    }
}

extension HostFailure {
    /// The host has given a newer lease: the step came too late.
    static func leaseLost(_ step: String) -> Diagnostic {
        Diagnostic(
            "host_lease_lost",
            "Step \(step) was refused: the host has given a newer lease since.",
            detail: "Another run took over; this step changed nothing.",
            hint: "Look at what is there now: geusemaker describe NAME",
            kind: .needsAttention
        )
    }

    /// Another run holds the host's lease.
    static func leased(by holder: HostLease?) -> Diagnostic {
        Diagnostic(
            "host_leased",
            "The host is being changed by another run"
                + (holder.map { ", \($0.run)." } ?? "."),
            detail: holder.map(\.sentence),
            hint: "See who: geusemaker lock status NAME",
            kind: .locked
        )
    }
}

extension HostLeaseFacts {
    /// The facts as data.
    public var json: JSONValue {
        [
            "fence": .int(fence), "run": holder.map { .string($0.run.text) } ?? .null,
            "user": holder.map { .string($0.user) } ?? .null,
            "machine": holder.map { .string($0.machine) } ?? .null,
            "process": holder.map { .int($0.process) } ?? .null,
            "since": holder.map { .string($0.since.text) } ?? .null,
            "heartbeat": heartbeat.map { .string($0.text) } ?? .null,
        ]
    }
}

extension HostLease {
    /// One sentence for a message.
    public var sentence: String {
        VisibleText.filtered("\(user) on \(machine), process \(process), holds it since \(since).")
    }
}
