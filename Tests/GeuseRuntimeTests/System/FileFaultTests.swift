import Glibc
import Testing

@testable import GeuseRuntime

/// Fails the n-th call of an operation; from then on every call too, if the process died there.
private final class FaultPlan {
    let at: Int
    let fault: FileFault
    let isDeath: Bool
    private(set) var count = 0
    private(set) var labels: [FileCall] = []

    init(at: Int, _ fault: FileFault = .error(ENOSPC), isDeath: Bool = false) {
        self.at = at
        self.fault = fault
        self.isDeath = isDeath
    }

    var calls: FileCalls {
        FileCalls { [self] call in
            count += 1
            labels.append(call)
            return count == at || isDeath && count > at ? fault : nil
        }
    }
}

@Suite("every call of a write fails once")
struct FileFaultTests {
    private let old: [UInt8] = Array("old content".utf8)
    private let new: [UInt8] = Array("the new content, which is longer".utf8)

    /// Runs an operation with each of its calls failing in turn.
    private func each(
        isDeath: Bool,
        _ operation: (LiveFileSystem, String) throws -> Void,
        check: (_ path: String, _ failed: Bool, _ call: FileCall?) throws -> Void
    ) throws -> Set<FileCall> {
        var failed: Set<FileCall> = []
        for at in 1...100 {
            let temporary = try TemporaryDirectory()
            let path = temporary.path + "/file"
            try LiveFileSystem().replace(path, with: old)
            let plan = FaultPlan(at: at, isDeath: isDeath)
            do {
                try operation(LiveFileSystem(calls: plan.calls), path)
                // A failure that is only about cleaning up may be passed over.
                try check(path, false, nil)
                if plan.count < at { return failed }
            } catch let error as Diagnostic {
                #expect(error.code == "disk_full")
                failed.insert(plan.labels[at - 1])
                try check(path, true, plan.labels[at - 1])
            }
        }
        Issue.record("the operation does not end")
        return failed
    }

    @Test("replace leaves the old or the new file, whole", arguments: [false, true])
    func replace(isDeath: Bool) throws {
        let failed = try each(isDeath: isDeath) { files, path in
            try files.replace(path, with: new)
        } check: { path, failed, call in
            let content = try LiveFileSystem().read(path)
            // Behind the rename the new file is in place already; only its durability is unknown.
            let isNew = !failed || call == .syncDirectory
            #expect(content == (isNew ? new : old), "\(call.map(\.rawValue) ?? "none")")
            let names = try LiveFileSystem().list(String(path.dropLast(5)))
            if !isDeath { #expect(names == ["file"], "\(call.map(\.rawValue) ?? "none")") }
        }
        #expect(
            failed == [
                .openDirectory, .stat, .open, .chmod, .write, .sync, .close, .rename,
                .syncDirectory,
            ]
        )
    }

    @Test(
        "append leaves the old length, or after a death a prefix of the new",
        arguments: [false, true]
    )
    func append(isDeath: Bool) throws {
        let failed = try each(isDeath: isDeath) { files, path in
            try files.append(path, new)
        } check: { path, failed, call in
            let content = try LiveFileSystem().read(path)
            if isDeath {
                #expect((old + new).starts(with: content) && content.count >= old.count)
            } else {
                #expect(content == (failed ? old : old + new), "\(call.map(\.rawValue) ?? "none")")
            }
        }
        #expect(failed == [.openDirectory, .stat, .open, .write, .sync])
    }

    @Test("a write that is cut short and then fails leaves no trace")
    func cutShort() throws {
        let temporary = try TemporaryDirectory()
        let path = temporary.path + "/file"
        try LiveFileSystem().replace(path, with: old)
        var writes = 0
        let calls = FileCalls { call in
            guard call == .write else { return nil }
            writes += 1
            return writes == 1 ? .short(3) : .error(ENOSPC)
        }
        expectDiagnostic("disk_full") { try LiveFileSystem(calls: calls).append(path, new) }
        #expect(try LiveFileSystem().read(path) == old)
        writes = 0
        expectDiagnostic("disk_full") { try LiveFileSystem(calls: calls).replace(path, with: new) }
        #expect(try LiveFileSystem().read(path) == old)
    }

    @Test("a signal in any call makes no difference")
    func signals() throws {
        let temporary = try TemporaryDirectory()
        let path = temporary.path + "/a/file"
        var isInterrupted = false
        var interruptions: Set<FileCall> = []
        let files = LiveFileSystem(
            calls: FileCalls { call in
                isInterrupted.toggle()
                if isInterrupted { interruptions.insert(call) }
                return isInterrupted ? .error(EINTR) : nil
            }
        )
        try files.createDirectory(temporary.path + "/a")
        try files.replace(path, with: old)
        try files.append(path, new)
        #expect(try files.read(path) == old + new)
        #expect(interruptions.count > 5)
    }

    @Test("directories, removal and reading report their failures")
    func others() throws {
        let temporary = try TemporaryDirectory()
        let path = temporary.path + "/file"
        try LiveFileSystem().replace(path, with: old)
        for call in [FileCall.openDirectory, .unlink, .syncDirectory] {
            let files = LiveFileSystem(calls: FileCalls { $0 == call ? .error(EROFS) : nil })
            expectDiagnostic("file_read_only") { try files.remove(path) }
            try LiveFileSystem().replace(path, with: old)
        }
        for call in [FileCall.open, .stat, .read] {
            let files = LiveFileSystem(calls: FileCalls { $0 == call ? .error(EIO) : nil })
            expectDiagnostic("file_error") { try files.read(path) }
        }
        for call in [FileCall.makeDirectory, .syncDirectory] {
            let files = LiveFileSystem(calls: FileCalls { $0 == call ? .error(ENOSPC) : nil })
            expectDiagnostic("disk_full") {
                try files.createDirectory(temporary.path + "/\(call.rawValue)/b")
            }
        }
        for call in [FileCall.open, .stat, .lock] {
            let files = LiveFileSystem(calls: FileCalls { $0 == call ? .error(EIO) : nil })
            expectDiagnostic("file_error") { try files.lock(path, waiting: 0, Cancellation()) }
        }
    }
}
