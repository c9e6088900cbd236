/// What `Host.restoreData` has to do.
public struct DataRestoreRequest: Sendable, Equatable {
    /// The project.
    public var project: ComposeProject
    /// What must hold of the mount before anything is touched.
    public var storage: HostInspection
    /// File system types that count as a network file system.
    public var networkTypes: [String]
    /// The dumps that are put back; none for the undo.
    public var dumps: [SavedDump]
    /// The services that are stopped before.
    public var stops: [ServiceName]
    /// Whether what this run has put back is taken away again, if it has.
    public var undoes: Bool

    /// Makes the request.
    public init(
        project: ComposeProject,
        storage: HostInspection,
        networkTypes: [String] = ["nfs4", "nfs"],
        dumps: [SavedDump],
        stops: [ServiceName],
        undoes: Bool = false
    ) {
        self.project = project
        self.storage = storage
        self.networkTypes = networkTypes
        self.dumps = dumps
        self.stops = stops
        self.undoes = undoes
    }
}

/// Data that was put aside by a restore and is kept.
public struct KeptData: Sendable, Equatable {
    /// The service whose data it is.
    public var service: ServiceName
    /// Where it is: a database's name, or a path on the host.
    public var place: String

    /// Makes the value.
    public init(service: ServiceName, place: String) {
        self.service = service
        self.place = place
    }
}
