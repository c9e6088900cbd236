/// The calls of EFS that an update makes (REST-JSON, version 2015-02-01).
final class EFSClient {
    private static let root = "/2015-02-01"

    private let client: ServiceClient

    /// Calls through a client of EFS.
    init(_ client: ServiceClient) { self.client = client }

    /// DescribeFileSystems of one id.
    func describeFileSystem(_ asked: FileSystemID) throws -> FileSystemFacts? {
        var found: FileSystemFacts?
        try pages("DescribeFileSystems", "/file-systems", asked) { reply in
            found = try list("FileSystems", reply).first.map { item in
                guard let found = item["FileSystemId"]?.stringValue,
                    let state = item["LifeCycleState"]?.stringValue
                else { throw Self.incomplete("file system") }
                guard found == asked.text else {
                    throw Diagnostic(
                        "invalid_reply",
                        "EFS was asked for \(asked) and described \(VisibleText.quoted(found))."
                    )
                }
                return FileSystemFacts(id: asked, lifeCycleState: state)
            }
            return found == nil
        }
        return found
    }

    /// DescribeMountTargets of a file system, all pages.
    func describeMountTargets(_ id: FileSystemID) throws -> [MountTarget] {
        var targets: [MountTarget] = []
        try pages("DescribeMountTargets", "/mount-targets", id) { reply in
            targets += try list("MountTargets", reply).map(Self.target)
            return true
        }
        return targets
    }

    /// Reads pages until `read` wants no more.
    private func pages(
        _ operation: String,
        _ path: String,
        _ id: FileSystemID,
        _ read: (JSONValue) throws -> Bool
    ) throws {
        try Pages.each("EFS \(operation)") { marker in
            let response = try client.call(
                .get(
                    operation,
                    path: Self.root + path,
                    [("FileSystemId", id.text)] + (marker.map { [("Marker", $0)] } ?? [])
                )
            )
            let reply = try JSONParser.parse(response.body)
            return try read(reply) ? reply["NextMarker"]?.stringValue : nil
        }
    }

    private func list(_ name: String, _ reply: JSONValue) throws -> [JSONValue] {
        guard let list = reply[name]?.arrayValue else {
            throw Diagnostic("invalid_reply", "EFS answered without \(name).")
        }
        return list
    }

    private static func target(_ item: JSONValue) throws -> MountTarget {
        guard let id = item["MountTargetId"]?.stringValue,
            let subnet = item["SubnetId"]?.stringValue,
            let state = item["LifeCycleState"]?.stringValue
        else { throw incomplete("mount target") }
        return MountTarget(
            id: id,
            zone: item["AvailabilityZoneName"]?.stringValue,
            subnetID: subnet,
            lifeCycleState: state,
            ipAddress: item["IpAddress"]?.stringValue
        )
    }

    private static func incomplete(_ what: String) -> Diagnostic {
        Diagnostic("invalid_reply", "EFS described a \(what) without its id or state.")
    }
}
