import Testing

@testable import GeuseRuntime

@Suite("A backup sweeps away what killed scripts left on the host")
struct SweepTests {
    @Test("Old work directories and markers go, newer ones and other files stay")
    func sweep() throws {
        let world = try HostWorld()
        _ = try world.run(
            """
            cd "\(world.root)"
            mkdir -p run/geusemaker.old123 run/geusemaker.new123 run/other.old123
            mkdir -p var/lib/geusemaker/runs
            : >run/geusemaker.old123/payload
            : >var/lib/geusemaker/runs/run-0-1-apply
            : >var/lib/geusemaker/runs/run-9-1-apply
            touch -d '3 days ago' run/geusemaker.old123 run/other.old123
            touch -d '31 days ago' var/lib/geusemaker/runs/run-0-1-apply
            touch -d '29 days ago' var/lib/geusemaker/runs/run-9-1-apply
            """
        )
        _ = try world.host().secure(
            HostWorld.step("1-secure"),
            SecureRequest(
                project: world.project(),
                mountPoint: world.mount,
                nonce: HostWorld.nonce,
                images: []
            )
        )
        let left = try world.run(
            "cd \"\(world.root)\"; ls run; ls var/lib/geusemaker/runs | grep -v secure"
        )
        #expect(left == "geusemaker.new123\nother.old123\nrun-9-1-apply\n")
    }
}
