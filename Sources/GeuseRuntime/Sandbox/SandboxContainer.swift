/// A container of the simulated docker.
struct SandboxContainer: Sendable, Equatable {
    /// What docker has been told last; health and restart loops follow from time.
    enum Order: String, Sendable, Equatable {
        case created
        case running
        case exited
    }

    /// What comes of the process once it runs.
    enum Fate: String, Sendable, Equatable {
        /// It works.
        case works
        /// It exits at once, with a log line.
        case crashes
        /// It runs and its health check fails.
        case sickens
    }

    var id = ""
    var service = ServiceName(unchecked: "")
    /// The reference it was created from.
    var image = ""
    var imageID = ""
    var digest: String?
    /// Sum of the service's definition, by which compose decides on recreation.
    var definition = ""
    var restartPolicy = "no"
    var hasHealthCheck = false
    /// Host paths by path in the container.
    var mounts: [String: String] = [:]
    /// The variables that it was made with; nil in a world of an earlier version.
    var environment: [String: String]?
    /// Host paths below the mount point that were bound while EFS was not there.
    var rootDiskVolumes: [String] = []
    var order = Order.created
    var startedAt: Timestamp?
    var fate = Fate.works
    var log = ""
    /// Whether a GPU was to be seen in it when it was started.
    var seesGPU: Bool?
    /// Whether `compose stop` stopped it, so that a boot leaves it stopped.
    var wasStoppedByHand = false
    /// Whether a stop put its restart policy off until it is started again.
    var isHeld: Bool?
    /// The password of the database that it was made with; nil for one that uses none.
    var databasePassword: String?

    private func age(at time: Timestamp) -> Double {
        startedAt.map { max(0, time.seconds - $0.seconds) } ?? 0
    }

    /// Restarts so far: docker waits 100 ms and doubles the wait each time (docker run reference).
    func restarts(at time: Timestamp) -> Int {
        guard order == .running, fate == .crashes, restartPolicy != "no" else { return 0 }
        var count = 0
        var next = 0.1
        while next <= age(at: time), count < 100 {
            count += 1
            next += min(0.1 * Double(1 << min(count, 10)), 60)
        }
        return count
    }

    /// docker's word for its state.
    func state(at time: Timestamp) -> String {
        guard order == .running, fate == .crashes else { return order.rawValue }
        return restartPolicy == "no" ? "exited" : "restarting"
    }

    /// docker's word for its health; three failed checks in a row make it unhealthy.
    func health(at time: Timestamp, checkTakes seconds: Double) -> ServiceFacts.Health {
        guard hasHealthCheck else { return .none }
        switch (order, fate) {
        case (.created, _): return .starting
        case (.exited, _), (.running, .crashes): return .unhealthy
        case (.running, .works): return age(at: time) < seconds ? .starting : .healthy
        case (.running, .sickens): return age(at: time) < seconds * 3 ? .starting : .unhealthy
        }
    }
}

extension SandboxContainer.Order: WorldValue {}
extension SandboxContainer.Fate: WorldValue {}

extension SandboxContainer: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("id", \.id), .init("service", \.service), .init("image", \.image),
            .init("image_id", \.imageID), .init("digest", \.digest),
            .init("definition", \.definition), .init("restart_policy", \.restartPolicy),
            .init("has_health_check", \.hasHealthCheck), .init("mounts", \.mounts),
            .init("root_disk_volumes", \.rootDiskVolumes), .init("order", \.order),
            .init("started_at", \.startedAt), .init("fate", \.fate), .init("log", \.log),
            .init("was_stopped_by_hand", \.wasStoppedByHand), .init("sees_gpu", \.seesGPU),
            .init("database_password", \.databasePassword), .init("is_held", \.isHeld),
            .init("environment", \.environment),
        ]
    }
}
