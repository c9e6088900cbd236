/// What came of a command on the host.
public struct CommandEvidence: Sendable, Equatable {
    /// The exit code of the program.
    public var code: Int
    /// The end of what it wrote on both outputs, secrets masked, without the newlines behind it.
    public var output: String
    /// Whether more was written than `output` has.
    public var isCut: Bool

    /// Makes the value.
    public init(code: Int, output: String, isCut: Bool = false) {
        self.code = code
        self.output = output
        self.isCut = isCut
    }
}

/// What `Host.prune` may remove, and what not.
public struct PruneRequest: Sendable, Equatable {
    /// The project whose repositories are looked at.
    public var project: ComposeProject
    /// Ids of images that stay though nothing uses them yet.
    public var spared: [String]

    /// Makes the request.
    public init(project: ComposeProject, spared: [String] = []) {
        self.project = project
        self.spared = spared
    }
}
