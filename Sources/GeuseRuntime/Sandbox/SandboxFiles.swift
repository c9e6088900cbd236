// Which disk a path of the host leads to, and what lies there.

extension SandboxWorld {
    private enum Disk {
        case root(String)
        case efs(String)
        case other(String)
    }

    private func disk(_ path: String) -> Disk {
        let prefix = SandboxMachine.mountPoint + "/"
        guard path.hasPrefix(prefix), let mount = machine.mount else { return .root(path) }
        let below = String(path.dropFirst(prefix.count))
        return mount.isOther ? .other(below) : .efs(below)
    }

    /// A file of the host by its path, as it is seen there now.
    subscript(file path: String) -> FileBytes? {
        get {
            switch disk(path) {
            case .root(let key): machine.files[key]
            case .efs(let key): storage.files[key]
            case .other(let key): storage.otherFiles[key]
            }
        }
        set {
            switch disk(path) {
            case .root(let key): machine.files[key] = newValue
            case .efs(let key): storage.files[key] = newValue
            case .other(let key): storage.otherFiles[key] = newValue
            }
        }
    }

    /// Whether there is any file below a directory of the host.
    func hasFiles(below directory: String) -> Bool {
        let below: (String, String) -> Bool = { $0.hasPrefix($1 + "/") }
        return switch disk(directory) {
        case .root(let key): machine.files.keys.contains { below($0, key) }
        case .efs(let key): storage.files.keys.contains { below($0, key) }
        case .other(let key): storage.otherFiles.keys.contains { below($0, key) }
        }
    }

    /// The data files on EFS, by path below its root.
    public var storedFiles: [String: String] { storage.files.mapValues(\.text) }

    /// Files that lie on the root disk below the mount point: data that went to the wrong place.
    public var strayFiles: [String: String] {
        machine.files.filter { $0.key.hasPrefix(SandboxMachine.mountPoint + "/") }
            .mapValues(\.text)
    }
}
