import CLua
import GeuseRuntime
import Glibc
import Testing

@testable import LuaBridge

/// What a worker could do if its script had broken out of the interpreter: nothing.
@Suite struct LockdownTests {
    private static let calls: [UInt32] = [
        GEUSE_ATTEMPT_OPEN.rawValue, GEUSE_ATTEMPT_SOCKET.rawValue, GEUSE_ATTEMPT_FORK.rawValue,
        GEUSE_ATTEMPT_EXEC.rawValue, GEUSE_ATTEMPT_KILL_PARENT.rawValue,
        GEUSE_ATTEMPT_PTRACE.rawValue, GEUSE_ATTEMPT_UNLINK.rawValue, GEUSE_ATTEMPT_DUP.rawValue,
        GEUSE_ATTEMPT_WRITE_ELSEWHERE.rawValue, GEUSE_ATTEMPT_MAP_EXECUTABLE.rawValue,
        GEUSE_ATTEMPT_MAKE_EXECUTABLE.rawValue,
    ]

    /// What holds by limits alone, on a kernel without the filter.
    private static let limited: [UInt32] = [
        GEUSE_ATTEMPT_OPEN.rawValue, GEUSE_ATTEMPT_SOCKET.rawValue, GEUSE_ATTEMPT_DUP.rawValue,
        GEUSE_ATTEMPT_PTRACE.rawValue, GEUSE_ATTEMPT_UNLINK.rawValue,
        GEUSE_ATTEMPT_WRITE_ELSEWHERE.rawValue, GEUSE_ATTEMPT_MAP_TOO_MUCH.rawValue,
        GEUSE_ATTEMPT_READ_ENVIRONMENT.rawValue, GEUSE_ATTEMPT_OTHER_DESCRIPTORS.rawValue,
    ]

    /// Whether this kernel has seccomp filters; actions_avail came with KILL_PROCESS in Linux 4.14.
    private static var kernelFilters: Bool {
        access("/proc/sys/kernel/seccomp/actions_avail", F_OK) == 0
    }

    private func attempt(_ attempt: UInt32, filtered: Bool) -> Int32 {
        geuse_worker_attempt(geuse_attempt(rawValue: attempt), filtered ? 1 : 0)
    }

    private func exitCode(_ status: Int32) -> UInt32? {
        status & 0x7F == 0 ? UInt32(status >> 8 & 0xFF) : nil
    }

    @Test func doingNothingIsAllowed() {
        let status = attempt(GEUSE_ATTEMPT_NOTHING.rawValue, filtered: true)
        #expect(exitCode(status) == GEUSE_ATTEMPT_SUCCEEDED.rawValue)
    }

    @Test(.enabled(if: kernelFilters), arguments: calls)
    func theFilterKillsForIt(_ call: UInt32) {
        let status = attempt(call, filtered: true)
        #expect(status & 0x7F == SIGSYS, "the status is \(status)")
    }

    @Test(arguments: limited)
    func theLimitsRefuseItWithoutTheFilter(_ call: UInt32) {
        let status = attempt(call, filtered: false)
        #expect(exitCode(status) == GEUSE_ATTEMPT_REFUSED.rawValue, "the status is \(status)")
    }

    @Test(arguments: [
        GEUSE_ATTEMPT_MAP_TOO_MUCH.rawValue, GEUSE_ATTEMPT_READ_ENVIRONMENT.rawValue,
    ])
    func itIsRefusedWithTheFilterToo(_ call: UInt32) {
        let status = attempt(call, filtered: true)
        #expect(exitCode(status) == GEUSE_ATTEMPT_REFUSED.rawValue, "the status is \(status)")
    }

    /// As root the worker runs as nobody, who may not signal the core.
    @Test(.enabled(if: geteuid() == 0)) func theParentIsOutOfReach() {
        let status = attempt(GEUSE_ATTEMPT_KILL_PARENT.rawValue, filtered: false)
        #expect(exitCode(status) == GEUSE_ATTEMPT_REFUSED.rawValue, "the status is \(status)")
    }

    @Test func aLiveWorkerHasOneDescriptorAndNoPrivileges() throws {
        let worker = try ScriptWorker()
        // Its first frame is sent after the lock-down; a run in which the script waits shows it.
        let id = try #require(worker.processID)
        var status = ""
        var environment = ""
        try worker.run(
            ScriptSource(name: "t.lua", text: "geuse.look()"),
            modules: [
                ModuleSignature(
                    name: "geuse",
                    summary: "",
                    functions: [
                        FunctionDeclaration<Void>("look", since: "0", summary: "") { _, _ in .nil }
                            .signature
                    ]
                )
            ]
        ) { _ in
            status = ProcessFile.text("/proc/\(id)/status")
            environment = ProcessFile.text("/proc/\(id)/environ")
            return .nil
        }
        #expect(environment.utf8.allSatisfy { $0 == 0 })
        #expect(worker.isFiltered == Self.kernelFilters)
        #expect(status.contains("NoNewPrivs:\t1"))
        if Self.kernelFilters { #expect(status.contains("Seccomp:\t2")) }
        if geteuid() == 0 {
            #expect(status.contains("Uid:\t65534\t65534\t65534\t65534"))
            #expect(status.contains("CapEff:\t0000000000000000"))
        }
        #expect(status.contains("Threads:\t1"))
    }
}

enum ProcessFile {
    static func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
