import Glibc
import Testing

@testable import GeuseRuntime

@Suite("faults of state files")
struct StateFaultTests {
    @Test(
        "each call of a save fails once, or the process dies there: old or new, never between",
        arguments: [false, true]
    )
    func saves(isDeath: Bool) throws {
        for at in 1...60 {
            var count = 0
            var isArmed = false
            let calls = FileCalls { _ in
                guard isArmed else { return nil }
                count += 1
                return count == at || isDeath && count > at ? .error(ENOSPC) : nil
            }
            let bench = try StateBench(calls)
            try bench.put()
            let loaded = try bench.store.load(bench.name)
            let lock = try bench.lock()
            var state = loaded.state
            state.status = .updating
            isArmed = true
            let saved = try? bench.store.save(state, replacing: loaded, under: lock)
            isArmed = false
            let found = try bench.store.load(bench.name)
            if let saved {
                #expect(found == saved)
                if count < at { return }
            } else {
                #expect(found.bytes == loaded.bytes || found.state.status == .updating)
            }
            // Whatever failed, the next save works.
            try bench.store.save(state, replacing: found, under: lock)
        }
        Issue.record("a save does not end")
    }

    @Test("what a death left behind is swept up by the next holder of the lock, and nothing else")
    func sweep() throws {
        let bench = try StateBench()
        let lock = try bench.lock()
        let (deployments, backups) = (
            bench.directory.deployments, bench.directory.backups(bench.name)
        )
        let own = [
            deployments + "/.my-dev-stack.json.1a.tmp", backups + "/.x.tmp",
            bench.directory.journals(bench.name) + "/.run.jsonl.1.tmp",
            deployments + "/my-dev-stack.json.probe",
            deployments + "/.my-dev-stack.json.probe.1a.tmp",
            backups + "/my-dev-stack.json.probe",
        ]
        let others = [
            deployments + "/.my-dev-stack-2.json.1a.tmp", deployments + "/my-dev-stack.tmp",
            deployments + "/my-dev-stack-2.json.probe",
            backups + "/note.tmp",
        ]
        for path in own + others { try bench.files.replace(path, with: [1]) }
        lock.release()
        try bench.lock().release()
        #expect(own.allSatisfy { !bench.files.exists($0) })
        #expect(others.allSatisfy { bench.files.exists($0) })
    }

    @Test("a state file that is cut anywhere is refused")
    func torn() throws {
        let bytes = try Fixture.bytes("dev-v2.json")
        let name = StackName(unchecked: "my-dev-stack")
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: Diagnostic.self, "\(length)") {
                try FileStateStore.read(Array(bytes[..<length]), name)
            }
        }
    }

    @Test("a state file with a flipped bit is refused or is a valid state, and never a crash")
    func flipped() throws {
        let bytes = try Fixture.bytes("dev-v1.json")
        let name = StackName(unchecked: "old-stack")
        var refused = 0
        for position in stride(from: 0, to: bytes.count, by: 3) {
            var damaged = bytes
            damaged[position] ^= 1 << (position % 8)
            do {
                let loaded = try FileStateStore.read(damaged, name)
                _ = try FileStateStore.read(loaded.state.bytes(), name)
            } catch is Diagnostic {
                refused += 1
            }
        }
        #expect(refused > 300)
    }

    @Test("random bytes are refused")
    func random() {
        var generator = SeededGenerator(state: 11)
        let alphabet = Array(#"{}[]",:0123456789truefalsn\u "#.utf8)
        for _ in 0..<2000 {
            let length = Int.random(in: 0..<60, using: &generator)
            let bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            #expect(throws: Diagnostic.self) {
                try FileStateStore.read(bytes, StackName(unchecked: "a"))
            }
        }
    }
}
