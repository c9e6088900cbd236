/// The machine that runs a stack, as far as an update needs it.
///
/// Two things implement it: `LiveHost` (on-host scripts over a `HostTransport`) and `SandboxHost`. Each
/// method is one round trip. A method that changes something takes a `HostStep`: done once, it does
/// nothing the second time and gives the first result again; without the lease it is refused.
public protocol Host: AnyObject {
    /// Reads everything that a plan, a proof or a report needs; changes nothing.
    func inspect(_ request: HostInspection) throws -> HostFacts
    /// Asks registries, from the host, what a pull of these images would find; changes nothing.
    func lookUp(_ images: [ImageReference]) throws -> [RegistryImage]
    /// The tags that the registry lists for an image's repository, of those that begin with a text.
    ///
    /// - Throws: `Diagnostic` with the codes of a pull, `registry_unanswered`, or `too_many_tags`.
    func tags(of image: ImageReference, beginningWith prefix: String) throws -> [String]
    /// Saves the compose file's bytes and a nonce on EFS, and reads both back.
    func secure(_ step: HostStep, _ request: SecureRequest) throws -> SecureEvidence
    /// Pulls images; nothing that runs is changed and no file is edited.
    func pull(_ step: HostStep, _ images: [ImageReference]) throws -> [PulledImage]
    /// Stops every service of the project (`compose stop`), so that none comes back by itself.
    ///
    /// With a mount point it writes down the services' data below it, once none of them runs; the next
    /// `apply` of the same run compares before it starts anything.
    func stopServices(
        _ step: HostStep,
        _ project: ComposeProject,
        recordingDataAt mountPoint: String?
    ) throws -> DataFacts?
    /// Proves EFS, then edits the compose file, then brings the services up and waits for health.
    ///
    /// Nothing is edited and no container is started unless the proof held. A compose file that
    /// `docker compose config` refuses never takes the place of the old one.
    func apply(_ step: HostStep, _ request: ApplyRequest) throws -> ApplyEvidence
    /// Puts data back from dumps beside the present data and changes the two; or undoes that, which
    /// does nothing where nothing was changed.
    func restoreData(_ step: HostStep, _ request: DataRestoreRequest) throws -> [KeptData]
    /// Runs a command, once: asked again, the step gives its first result.
    ///
    /// - Throws: `Diagnostic`; `exec_timed_out` for one that was ended, `exec_service_down` when there is
    ///   no container to run it in. An exit code other than 0 is no error here.
    func exec(_ step: HostStep, _ project: ComposeProject, _ command: HostCommand) throws
        -> CommandEvidence
    /// Removes images of the project's repositories that no container, no kept backup and no name in the
    /// compose file needs; the names of those that are gone.
    func prune(_ step: HostStep, _ request: PruneRequest) throws -> [String]
    /// Does one part of a rotation of a service's database password; the value stays on the host.
    func rotateCredentials(_ step: HostStep, _ request: RotationRequest) throws -> RotationEvidence
    /// Takes the lease and gives it back if the step says so; nothing else changes.
    func lease(_ step: HostStep) throws
}

extension Host {
    /// Stops every service of the project.
    public func stopServices(_ step: HostStep, _ project: ComposeProject) throws {
        _ = try stopServices(step, project, recordingDataAt: nil)
    }
}

/// Names one changing step of one run; its marker on the host carries this name.
public struct StepID: Hashable, Sendable, CustomStringConvertible {
    /// The run.
    public let run: RunID
    /// The step's number and word, such as `3-apply`; letters, digits and hyphens.
    public let step: String

    /// Names a step.
    public init(run: RunID, step: String) {
        self.run = run
        self.step = step
    }

    /// `RUN-STEP`, the name of the marker.
    public var description: String { "\(run.text)-\(step)" }
}
