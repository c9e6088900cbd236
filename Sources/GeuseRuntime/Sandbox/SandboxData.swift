/// The data of the simulated services.
enum SandboxData {
    /// What a service writes into an empty data directory: nothing of what its users had.
    static func fresh(_ image: SandboxImage) -> [(file: String, content: String)] {
        switch image.repository {
        case "postgres":
            return [
                ("PG_VERSION", "\(image.postgresMajor)\n"),
                ("base/16384/workflow_entity", "0 rows\n"),
            ]
        case "n8nio/n8n":
            return [("config", "{\"encryptionKey\": \"made-by-an-empty-start\"}\n")]
        case "qdrant/qdrant": return [("raft_state.json", "{\"term\": 0}\n")]
        case "ollama/ollama": return [("id_ed25519.pub", "ssh-ed25519 new\n")]
        default: return [("created", "\(image.repository):\(image.tag)\n")]
        }
    }

    /// What lies on EFS in a stack that has been in use for a while, by path below its root.
    static var used: [String: FileBytes] {
        [
            "postgres/PG_VERSION": FileBytes("15\n"),
            "postgres/base/16384/workflow_entity": FileBytes("42 rows\n"),
            "n8n/config": FileBytes("{\"encryptionKey\": \"sandbox-key-of-the-first-day\"}\n"),
            "n8n/nodes/package.json": FileBytes("{\"name\": \"installed-nodes\"}\n"),
            "qdrant/raft_state.json": FileBytes("{\"term\": 7}\n"),
            "qdrant/collections/articles/config.json": FileBytes("{\"size\": 384}\n"),
            "ollama/id_ed25519.pub": FileBytes("ssh-ed25519 first\n"),
            "ollama/models/manifests/registry.ollama.ai/library/llama3/latest":
                FileBytes("{\"schemaVersion\": 2}\n"),
        ]
    }

    /// What another team keeps on the file system that a wrong mount shows.
    static var foreign: [String: FileBytes] {
        ["README": FileBytes("The web team's uploads.\n")]
    }
}
