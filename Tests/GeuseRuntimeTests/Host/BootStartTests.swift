import Testing

@testable import GeuseRuntime

/// What the host says of what starts at its next boot.
@Suite struct BootStartTests {
    private static let wants = "etc/systemd/system/multi-user.target.wants"
    private static let up = "/usr/bin/docker compose -f stack.yaml up -d"
    private static let unit = """
        [Unit]
        After=docker.service
        [Service]
        Type=oneshot
        WorkingDirectory=DIRECTORY
        ExecStart=\(up)
        ExecStop=/usr/bin/docker compose down

        """

    /// A file of the host: its path, and a text in which DIRECTORY, FILE and MOUNT stand for the world's own.
    struct File: Sendable {
        let path: String
        let text: String

        init(_ path: String, _ text: String) {
            self.path = path
            self.text = text
        }
    }

    /// Files, and what of them starts the services.
    struct Case: Sendable {
        let files: [File]
        let place: String

        init(_ files: [File], _ place: String) {
            self.files = files
            self.place = place
        }
    }

    private static func look(_ files: [File]) throws -> HostFacts {
        let world = try HostWorld()
        for file in files {
            try world.run("mkdir -p \"$(dirname \(file.path))\"")
            let text = file.text.replacing("DIRECTORY", with: world.root + "/stack")
                .replacing("FILE", with: world.file).replacing("MOUNT", with: world.mount)
            try world.write(file.path, text)
        }
        let facts = try world.host().inspect(world.inspection())
        #expect(try world.unknownCalls() == "")
        return facts
    }

    /// The stack's unit, enabled, with one part of its text replaced.
    private static func enabled(_ old: String = "", _ new: String = "") -> File {
        File("\(wants)/ai-stack.service", old.isEmpty ? unit : unit.replacing(old, with: new))
    }

    static let starting: [Case] = [
        Case([enabled()], "ai-stack.service"),
        Case(
            [
                enabled("WorkingDirectory=DIRECTORY\n", ""),
                File(
                    "etc/systemd/system/ai-stack.service.d/own.conf",
                    "[Service]\nExecStart=docker-compose \\\n -f FILE \\\n up -d\n"
                ),
            ],
            "ai-stack.service"
        ),
        Case(
            [
                enabled(up, "/opt/start.sh"),
                File("opt/start.sh", "#!/bin/sh\ncd DIRECTORY\nexec docker compose up -d\n"),
            ],
            "ai-stack.service"
        ),
        Case(
            [File("\(wants)/app.service", "ExecStart=docker compose --project-name=stack start\n")],
            "app.service"
        ),
        Case(
            [
                File(
                    "etc/rc.local",
                    "docker compose --project-directory DIRECTORY -f \"$FILES\" $MORE up -d\n"
                )
            ],
            "/etc/rc.local"
        ),
        // That it waits for another mount, which is named alike, is no help.
        Case([enabled("[Service]", "RequiresMountsFor=MOUNT-data\n[Service]")], "ai-stack.service"),
        Case(
            [File("etc/crontab", "@reboot root cd DIRECTORY && docker compose up -d\n")],
            "/etc/crontab"
        ),
        Case(
            [File("etc/rc.local", "#!/bin/sh\ndocker compose -f FILE up -d\nexit 0\n")],
            "/etc/rc.local"
        ),
        Case(
            [
                File(
                    "var/lib/cloud/scripts/per-boot/up",
                    "#!/bin/sh\n(cd \"DIRECTORY\" && docker compose up -d)\n"
                )
            ],
            "/var/lib/cloud/scripts/per-boot/up"
        ),
    ]

    @Test(arguments: starting)
    func found(_ found: Case) throws {
        #expect(try Self.look(found.files).bootStarts == [found.place])
    }

    static let harmless: [[File]] = [
        // It waits for the mount, or docker does.
        [enabled("[Service]", "RequiresMountsFor=MOUNT\n[Service]")],
        [
            enabled(),
            File(
                "etc/systemd/system/ai-stack.service.d/wait.conf",
                "[Unit]\nRequiresMountsFor=MOUNT/n8n\n"
            ),
        ],
        [
            enabled(),
            File(
                "etc/systemd/system/docker.service.d/wait.conf",
                "[Unit]\nRequiresMountsFor=MOUNT\n"
            ),
        ],
        [
            File(
                "etc/rc.local",
                "#!/bin/sh\nmountpoint -q MOUNT && docker compose -f FILE up -d\n"
            )
        ],
        [
            File(
                "etc/rc.local",
                "#!/bin/sh\nM=MOUNT\nuntil findmnt $M; do sleep 1; done\ndocker compose -f FILE up -d\n"
            )
        ],
        // It looks at the services and says a word that is a command elsewhere.
        [
            File(
                "etc/cron.d/watch",
                "*/5 * * * * root cd DIRECTORY && docker compose ps | grep -q up || echo docker compose is not up\n"
            )
        ],
        // It is another project, is not enabled, does something else, or not at boot.
        [enabled("=DIRECTORY", "=DIRECTORY-other")],
        [File("etc/systemd/system/ai-stack.service", unit)],
        [enabled(up, "/bin/true")],
        [File("etc/cron.d/nightly", "0 3 * * * root docker compose -f FILE up -d\n")],
        [
            File(
                "etc/rc.local",
                "#!/bin/sh\n# docker compose -f FILE up -d\ndocker compose -f FILE pull\n"
            )
        ],
    ]

    @Test(arguments: harmless)
    func fine(_ files: [File]) throws {
        #expect(try Self.look(files).bootStarts == [])
    }

    @Test(
        arguments: [
            ("enabled", "disabled", "", true), ("disabled", "enabled", "", true),
            ("static", "disabled", "", true), ("disabled", "disabled", "ai-stack.service", true),
            ("disabled", "disabled", "", false), ("masked", "disabled", "x.service", false),
            ("", "", "", nil),
        ] as [(String, String, String, Bool?)]
    )
    func docker(
        _ service: String,
        _ socket: String,
        _ wantedBy: String,
        _ expected: Bool?
    ) throws {
        let text = """
            Id=docker.service
            UnitFileState=\(service)
            WantedBy=\(wantedBy)

            Id=docker.socket
            RequiredBy=docker.service
            UnitFileState=\(socket)

            Id=snap.docker.dockerd.service
            UnitFileState=

            """
        let script = "#!/bin/sh\ncase $3 in Id,*) cat <<'END'\n\(text)END\n;; esac\n"
        let world = try HostWorld()
        try world.write("bin/systemctl", script)
        try world.run("chmod 755 bin/systemctl")
        #expect(try world.host().inspect(world.inspection()).dockerStartsAtBoot == expected)
    }
}
