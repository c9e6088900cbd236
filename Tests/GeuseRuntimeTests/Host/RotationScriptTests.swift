import Testing

@testable import GeuseRuntime

/// The rotation's script, run by dash on a host of files with a PostgreSQL of files.
@Suite struct RotationScriptTests {
    private static let old = RotationWorld.old

    @Test func aNewPasswordIsSetEverywhereAndToldNowhere() throws {
        let host = try RotationWorld()
        let before = try host.environment()
        let transport = LocalTransport(host.world)
        var replies = ""
        transport.damage = { reply in
            replies += reply
            return reply
        }
        let evidence = try host.step(.rotate, "1-rotate", transport)
        #expect(evidence == RotationEvidence(.rotated, role: "geusemaker", provenBefore: true))
        let new = try host.rolePassword()
        #expect(
            new.utf8.count == 32 && new.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        )
        #expect(try host.environment() == before.replacing(Self.old, with: new))
        #expect(try host.world.run("stat -c '%a %u %g' stack/.env") == "640 1234 2345\n")
        #expect(try host.world.read("docker/containers/\(host.n8n)/env").contains(new))
        #expect(try host.world.read("docker/ups").contains("n8n") == true)
        #expect(try host.world.read("docker/ups").contains("postgres") == false)
        #expect(try host.world.run("ls docker/pg") == "geusemaker\n")
        let modes =
            "stat -c %a var/lib/geusemaker/rotations/run-1 var/lib/geusemaker/rotations/run-1/old"
        #expect(try host.world.run(modes) == "700\n600\n")

        #expect(try host.step(.confirm, "2-confirm", transport).standing == .confirmed)
        #expect(try host.step(.end, "3-end", transport).standing == .ended)
        #expect(try !host.kept().contains("old") && !host.kept().contains("new"))
        #expect(try host.step(.undo, "4-undo", transport).standing == .ended)
        #expect(try host.rolePassword() == new)
        // Neither is in what went to the host or came from it, nor in any command's words.
        let calls = try host.world.read("docker/calls")
        let markers = try host.world.run("cat var/lib/geusemaker/runs/*")
        for text in transport.scripts + [replies, calls, markers] {
            #expect(!text.contains(new) && !text.contains(Self.old))
        }
        #expect(try host.world.unknownCalls() == "")
    }

    @Test func anUndoPutsTheOldOneBackOnce() throws {
        let host = try RotationWorld()
        let before = try host.environment()
        try host.step(.rotate, "1-rotate")
        #expect(try host.step(.undo, "2-undo").standing == .undone)
        #expect(try host.rolePassword() == Self.old)
        #expect(try host.environment() == before)
        #expect(try host.world.run("stat -c '%a %u %g' stack/.env") == "640 1234 2345\n")
        #expect(try host.kept() == "")
        #expect(try host.step(.undo, "3-undo").standing == .nothing)
    }

    @Test(
        "Every way to write a value keeps all other bytes",
        arguments: [
            "POSTGRES_PASSWORD=@", "POSTGRES_PASSWORD=@ # the first\nX=@\n",
            "export POSTGRES_PASSWORD=@\r\nB=2\r\n",
            "  POSTGRES_PASSWORD = @  \nA=POSTGRES_PASSWORD=@\n",
            "POSTGRES_PASSWORD=\"@\" # quoted\n#POSTGRES_PASSWORD=@\n\n\n",
            "\u{E9}=1\nPOSTGRES_PASSWORD=@\n",
            "POSTGRES_PASSWORD=@\nDB_POSTGRESDB_PASSWORD=@\nPOSTGRES_PASSWORD_OLD=@\n",
        ]
    )
    func edits(_ form: String) throws {
        let host = try RotationWorld(environment: form.replacing("@", with: Self.old))
        try host.step(.rotate, "1-rotate")
        let new = try host.rolePassword()
        let ours = "(^|[\n])[ ]*(export )?(DB_POSTGRESDB_PASSWORD|POSTGRES_PASSWORD) ?= ?\"?@"
        let wanted = try form.replacing(Regex(ours)) { match in
            String(form[match.range].dropLast()) + new
        }
        #expect(try host.environment() == wanted.replacing("@", with: Self.old))
        try host.step(.undo, "2-undo")
        #expect(try host.environment() == form.replacing("@", with: Self.old))
    }

    @Test(
        "What cannot be proven is refused before anything is touched",
        arguments: [
            ("printf other >docker/pg/geusemaker", "credentials_unproven"),
            (": >docker/pg_trust", "credentials_unchecked"),
            ("echo POSTGRES_PASSWORD=another >stack/.env", "credentials_not_found"),
            (
                "mv stack/.env stack/real.env; ln -s real.env stack/.env",
                "credentials_file_is_symlink"
            ),
            (
                "sed -i s/DB_TYPE=postgresdb/DB_TYPE=sqlite/ docker/containers/*/env",
                "credentials_no_database"
            ),
            (
                "sed -i s/_HOST=postgres/_HOST=db.example.com/ docker/containers/*/env",
                "credentials_database_elsewhere"
            ),
            ("sed -i 's/_USER=.*/_USER=a\"b/' docker/containers/*/env", "credentials_odd_name"),
            (
                "echo exited >docker/containers/$(printf postgres | sha256sum | cut -d ' ' -f 1)/state",
                "credentials_service_down"
            ),
            (": >proc/self/mountinfo", "efs_not_mounted"),
        ]
    )
    func refused(_ how: String, _ code: String) throws {
        let host = try RotationWorld()
        try host.world.run(how)
        let role = try host.rolePassword()
        let before = try host.environment()
        let error = #expect(throws: Diagnostic.self) { try host.step(.rotate, "1-rotate") }
        #expect(error?.code == code)
        #expect(error?.kind == .refused)
        #expect(try host.rolePassword() == role && host.environment() == before)
        #expect(try host.kept() == "" && host.world.read("docker/ups") == "")
        #expect(try host.world.run("ls docker/pg") == "geusemaker\n")
    }

    @Test func aRoleThatMayMakeNoOthersIsChangedAllTheSame() throws {
        let host = try RotationWorld()
        try host.world.write("docker/pg_no_roles", "")
        #expect(try host.step(.rotate, "1-rotate").provenBefore == false)
        #expect(try host.rolePassword() != Self.old)
    }

    @Test func aRefusalByTheDatabaseIsUndone() throws {
        let host = try RotationWorld()
        let before = try host.environment()
        try host.world.write("docker/pg_refuses", "")
        #expect(host.code(.rotate, "1-rotate") == "rotation_refused")
        #expect(try host.rolePassword() == Self.old)
        try host.step(.undo, "2-undo")
        #expect(try host.environment() == before && host.kept() == "")
    }

    @Test func aServiceThatDoesNotLogInIsTold() throws {
        let host = try RotationWorld()
        try host.step(.rotate, "1-rotate")
        try host.world.write("docker/pg_sessions", "0\n")
        #expect(host.code(.confirm, "2-confirm") == "rotation_unused")
    }

    @Test func asTheSameRunItGoesOnWithItsOwnPassword() throws {
        let host = try RotationWorld()
        try host.world.write("docker/pg_refuses", "")
        _ = host.code(.rotate, "1-rotate")
        let made = try host.world.read("var/lib/geusemaker/rotations/run-1/new")
        try host.world.run("rm docker/pg_refuses")
        #expect(try host.step(.rotate, "2-rotate").standing == .rotated)
        #expect(try host.rolePassword() == made)
        #expect(try host.step(.rotate, "3-rotate").standing == .rotated)
        #expect(try host.rolePassword() == made)
    }

    @Test func whereNeitherPasswordCountsTheSocketHelps() throws {
        let host = try RotationWorld()
        try host.step(.rotate, "1-rotate")
        try host.world.run("printf third >docker/pg/geusemaker")
        #expect(try host.step(.undo, "2-undo").standing == .undone)
        #expect(try host.rolePassword() == Self.old)
    }

    @Test func anUndoStartsTheDatabaseOnAProvenMountOnly() throws {
        let host = try RotationWorld()
        try host.step(.rotate, "1-rotate")
        for id in [host.n8n, host.postgres] {
            try host.world.write("docker/containers/\(id)/state", "exited")
        }
        try host.world.run("rm -f docker/ups; cp proc/self/mountinfo kept; : >proc/self/mountinfo")
        #expect(host.code(.undo, "2-undo") == "efs_not_mounted")
        #expect(try host.world.read("docker/ups") == "")
        try host.world.run("cp kept proc/self/mountinfo")
        #expect(try host.step(.undo, "3-undo").standing == .undone)
        #expect(try host.world.read("docker/ups").hasPrefix("postgres "))
        #expect(try host.rolePassword() == Self.old)
    }

    @Test func aFileThatSomebodyEditedIsNotOverwritten() throws {
        let host = try RotationWorld()
        try host.step(.rotate, "1-rotate")
        try host.world.run("echo C=3 >>stack/.env")
        #expect(host.code(.undo, "2-undo") == "rotation_file_changed")
        #expect(try host.environment().hasSuffix("C=3\n"))
    }

    @Test func aLookTellsTheNamesOfVariablesAlone() throws {
        let host = try RotationWorld()
        let transport = LocalTransport(host.world)
        let facts = try host.world.host(transport).inspect(host.world.inspection())
        #expect(
            facts.environment
                == [EnvironmentFile(path: host.file, names: ["A", "POSTGRES_PASSWORD", "B"])]
        )
    }
}
