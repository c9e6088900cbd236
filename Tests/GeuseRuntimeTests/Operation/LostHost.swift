@testable import GeuseRuntime

/// A host that does not answer the n-th changing call, done or not, and none after it unless it is back.
final class LostHost: Host {
    private let inner: any Host
    private let last: Int
    private let isDone: Bool
    private let isBack: Bool
    private let error: Diagnostic
    private(set) var calls = 0
    /// How often the services were to be stopped.
    private(set) var stops = 0
    /// So many looks fail before one is let through.
    var failingLooks = 0

    init(
        _ inner: any Host,
        at last: Int,
        done: Bool,
        isBack: Bool = false,
        error: Diagnostic = Diagnostic("host_outcome_unknown", "Nothing is heard of the host.")
    ) {
        self.inner = inner
        self.isBack = isBack
        self.error = error
        self.last = last
        isDone = done
    }

    private func pass<Result>(_ body: () throws -> Result) throws -> Result {
        calls += 1
        let isLost = calls == last || calls > last && !isBack
        guard !isLost || calls == last && isDone else { throw error }
        let result = try body()
        if isLost { throw error }
        return result
    }

    func inspect(_ request: HostInspection) throws -> HostFacts {
        guard failingLooks == 0 else {
            failingLooks -= 1
            throw error
        }
        return try inner.inspect(request)
    }
    func lookUp(_ images: [ImageReference]) throws -> [RegistryImage] {
        try inner.lookUp(images)
    }
    func tags(of image: ImageReference, beginningWith prefix: String) throws -> [String] {
        try inner.tags(of: image, beginningWith: prefix)
    }
    func restoreData(_ step: HostStep, _ request: DataRestoreRequest) throws -> [KeptData] {
        try pass { try inner.restoreData(step, request) }
    }
    func exec(
        _ step: HostStep,
        _ project: ComposeProject,
        _ command: HostCommand
    ) throws -> CommandEvidence {
        try pass { try inner.exec(step, project, command) }
    }
    func prune(_ step: HostStep, _ request: PruneRequest) throws -> [String] {
        try pass { try inner.prune(step, request) }
    }
    func secure(_ step: HostStep, _ request: SecureRequest) throws -> SecureEvidence {
        try pass { try inner.secure(step, request) }
    }
    func pull(_ step: HostStep, _ images: [ImageReference]) throws -> [PulledImage] {
        try pass { try inner.pull(step, images) }
    }
    func stopServices(
        _ step: HostStep,
        _ project: ComposeProject,
        recordingDataAt mountPoint: String?
    ) throws -> DataFacts? {
        stops += 1
        return try pass { try inner.stopServices(step, project, recordingDataAt: mountPoint) }
    }
    func apply(_ step: HostStep, _ request: ApplyRequest) throws -> ApplyEvidence {
        try pass { try inner.apply(step, request) }
    }
    func rotateCredentials(
        _ step: HostStep,
        _ request: RotationRequest
    ) throws -> RotationEvidence {
        try pass { try inner.rotateCredentials(step, request) }
    }
    func lease(_ step: HostStep) throws { try pass { try inner.lease(step) } }
}
