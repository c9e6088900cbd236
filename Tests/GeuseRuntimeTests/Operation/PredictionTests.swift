import Testing

@testable import GeuseRuntime

/// What a script is shown in its rehearsal is what it will be shown for real, or nil.
@Suite("A rehearsal shows what the real run will show")
struct PredictionTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let qdrant = ServiceName(unchecked: "qdrant")
    private let image = ImageReference(unchecked: "n8nio/n8n:1.20.0")
    private let large = InstanceType(unchecked: "t3.large")

    private func rehearsal(_ fixture: StackFixture) throws -> Rehearsal {
        Rehearsal(
            target: try fixture.target(),
            lookups: CloudLookups(fixture.sandbox.cloud(fixture.name)),
            tagLists: TagLists(fixture.sandbox.host(fixture.name)),
            started: fixture.clock.now(),
            read: fixture.facts
        )
    }

    /// What a script saw at each of its looks: first in the rehearsal, then for real.
    private func seen(
        _ script: (any Primitives, (JSONValue) -> Void) throws -> Void
    ) throws -> (rehearsed: [JSONValue], real: [JSONValue]) {
        let fixture = try StackFixture()
        var looks: [[JSONValue]] = [[], []]
        let plan = try fixture.plan { stack in try script(stack) { looks[0].append($0) } }
        let session = try fixture.session(plan)
        try script(session) { looks[1].append($0) }
        _ = try session.finish()
        return (looks[0], looks[1])
    }

    /// The facts of a service that a script is likely to decide by.
    private static let telling = [
        "configured_image", "image", "image_id", "digest", "container", "state", "health",
        "restarts",
        "well",
    ]

    private func expectSame(_ looks: (rehearsed: [JSONValue], real: [JSONValue])) throws {
        #expect(!looks.real.isEmpty && looks.rehearsed.count == looks.real.count)
        for (index, (rehearsed, real)) in zip(looks.rehearsed, looks.real).enumerated() {
            for (name, service) in try #require(real.objectValue).members {
                for fact in Self.telling {
                    let predicted = rehearsed[name]?[fact]
                    // What is not known yet is nil.
                    guard predicted != .null else { continue }
                    #expect(predicted == service[fact], "look \(index): \(fact) of \(name)")
                }
            }
        }
    }

    private func services(_ stack: any Primitives) throws -> JSONValue {
        try #require(try stack.describe()["services"])
    }

    @Test("In a window an image is not set before the window closes, in either run")
    func imageInWindow() throws {
        let looks = try seen { stack, look in
            try stack.openWindow("w")
            try stack.setImage(n8n, image)
            let inside = try services(stack)
            look(inside)
            look(try stack.health())
            // A script that decides by what it sees: it must decide the same twice.
            if inside["n8n"]?["configured_image"] == .string(image.text) {
                try stack.setImage(qdrant, ImageReference("qdrant/qdrant:v1.7.4"))
            }
            try stack.setImage(n8n, image)
            try stack.closeWindow("w", failed: false)
            look(try services(stack))
        }
        try expectSame(looks)
        #expect(looks.rehearsed[0]["n8n"]?["configured_image"] == "n8nio/n8n:1.19.0")
        #expect(looks.rehearsed[2]["n8n"]?["configured_image"] == .string(image.text))
        #expect(looks.rehearsed[2]["n8n"]?["well"] == true)
    }

    @Test("An image that is set back inside its window is the old one, in either run")
    func setBack() throws {
        let looks = try seen { stack, look in
            try stack.openWindow("w")
            try stack.setImage(n8n, image)
            try stack.setImage(n8n, ImageReference("n8nio/n8n:1.19.5"))
            try stack.closeWindow("w", failed: false)
            look(try services(stack))
        }
        try expectSame(looks)
        #expect(looks.rehearsed[0]["n8n"]?["image"] == "n8nio/n8n:1.19.5")
    }

    @Test("Between a change of type and the end of its window no service is well, in either run")
    func downInWindow() throws {
        let looks = try seen { stack, look in
            try stack.openWindow("w")
            look(try services(stack))
            try stack.resize(large, fallback: [])
            look(try services(stack))
            look(try stack.health())
            try stack.setImage(n8n, image)
            look(try stack.health())
            try stack.closeWindow("w", failed: false)
            look(try services(stack))
            look(try stack.health())
        }
        try expectSame(looks)
        let well = looks.rehearsed.map { $0["n8n"]?["well"] }
        #expect(well == [true, false, false, false, true, true])
        #expect(looks.rehearsed[1]["n8n"]?["state"] == "exited")
        #expect(looks.rehearsed[3]["n8n"]?["configured_image"] == "n8nio/n8n:1.19.0")
    }

    @Test("What a change gives a new value is not known before it is done, and never the old one")
    func unknown() throws {
        let fixture = try StackFixture()
        let rehearsal = try rehearsal(fixture)
        let before = try services(rehearsal)
        #expect(before["n8n"]?["digest"] != .null && before["n8n"]?["container"] != .null)
        try rehearsal.restart(qdrant)
        try rehearsal.setImage(n8n, image)
        let after = try services(rehearsal)
        for fact in ["digest", "image_id", "container", "started_at"] {
            #expect(after["n8n"]?[fact] == .null, "\(fact)")
        }
        #expect(after["qdrant"]?["started_at"] == .null)
        #expect(after["qdrant"]?["container"] == before["qdrant"]?["container"])
        #expect(after["ollama"] == before["ollama"])
        // It is known to be there, all the same.
        let steps = rehearsal.plan.steps.count
        try rehearsal.setImage(n8n, image)
        #expect(rehearsal.plan.steps.count == steps)
    }

    @Test("An address that a stop gives back is not known before the start; an elastic one stays")
    func address() throws {
        for isElastic in [false, true] {
            var options = SandboxOptions()
            options.hasElasticIP = isElastic
            let rehearsal = try rehearsal(StackFixture(options))
            let before = try rehearsal.describe()["instance"]?["public_ip"]
            #expect(before != .null)
            try rehearsal.resize(large, fallback: [])
            let after = try rehearsal.describe()["instance"]?["public_ip"]
            #expect(after == (isElastic ? before : JSONValue.null))
            #expect(try services(rehearsal)["n8n"]?["started_at"] == .null)
        }
    }

    @Test("A checkpoint renews what is recorded; an address that is not known yet is no drift")
    func drift() throws {
        let looks = try seen { stack, look in
            try stack.resize(large, fallback: [])
            look(try #require(try stack.describe()["drift"]))
            try stack.setImage(n8n, image)
            try stack.checkpoint("both")
            look(try #require(try stack.describe()["drift"]))
            // Nothing has changed since, so that this one changes nothing either.
            try stack.checkpoint("again")
            look(try #require(try stack.describe()["drift"]))
        }
        let type: JSONValue = "instance type: recorded t3.medium, is t3.large"
        #expect(looks.rehearsed == [[type], [], []])
        #expect(looks.real.first?.arrayValue?.first == type)
        #expect(Array(looks.real.dropFirst()) == [[], []])
    }

    @Test(
        "Sleep between a change of type and the end of its window is downtime, elsewhere it is not"
    )
    func sleep() throws {
        let fixture = try StackFixture()
        let plain = try fixture.plan { try $0.resize(large, fallback: []) }.expectedDowntime
        let plan = try fixture.plan { stack in
            try stack.sleep(1000)
            try stack.openWindow("w")
            try stack.sleep(100)
            try stack.resize(large, fallback: [])
            try stack.sleep(10)
            try stack.setImage(n8n, image)
            try stack.sleep(5)
            try stack.closeWindow("w", failed: false)
            try stack.sleep(1000)
        }
        #expect(plan.expectedDowntime == plain + 15)
    }

    @Test("Nothing is waited for, and nobody asked, inside a window, in either run")
    func waits() throws {
        let fixture = try StackFixture()
        let moment = fixture.clock.now().adding(seconds: 60)
        let calls: [(any Primitives) throws -> Void] = [
            { _ = try $0.confirm("sure?") }, { try $0.wait(until: moment, finishBy: nil) },
            { _ = try $0.waitHealthy(timeout: 300) },
        ]
        func script(_ stack: any Primitives) throws {
            try stack.openWindow("w")
            try stack.resize(large, fallback: [])
            for call in calls {
                let error = #expect(throws: Diagnostic.self) { try call(stack) }
                #expect(error?.code == "inside_window" && error?.kind == .refused)
            }
            try stack.closeWindow("w", failed: false)
        }
        let session = try fixture.session(fixture.plan(script))
        // A script that catches the refusal can go on, and does the same for real.
        try script(session)
        #expect(try session.finish().changesApplied == ["instance_type:t3.large"])
    }
}
