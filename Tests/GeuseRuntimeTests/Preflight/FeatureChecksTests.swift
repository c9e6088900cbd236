import Testing

@testable import GeuseRuntime

@Suite("A type without what the instance uses is refused before anything is touched")
struct FeatureChecksTests {
    @Test("what the instance uses of its type the new one has to have")
    func features() throws {
        func check(
            _ name: String,
            _ type: @escaping (inout InstanceTypeFacts) -> Void,
            _ change: (inout Instance) -> Void
        ) throws -> PreflightCheck {
            var fixture = try PreflightFixture()
            fixture.between = { $0.describe = type }
            return try fixture.check(name, fixture.resize("t3.large")) { change(&$0.instance) }
        }
        for (told, outcome) in [
            (nil, PreflightCheck.Outcome.unknown), (true, .ok), (false, .refused),
        ] as [(Bool?, PreflightCheck.Outcome)] {
            let tpm = try check("type_nitro_tpm", { $0.hasNitroTPM = told }) {
                $0.hasNitroTPM = true
            }
            #expect(tpm.outcome == outcome)
            #expect(tpm.refusal.map { $0.code == "no_nitro_tpm" } ?? true)
            let efa = try check("type_efa", { $0.hasEFA = told }) { $0.elasticFabricAdapters = 1 }
            #expect(efa.outcome == outcome)
            #expect(efa.refusal.map { $0.code == "no_efa" } ?? true)
            let enclaves = try check("type_enclaves", { $0.hasEnclaves = told }) {
                $0.hasEnclaves = true
            }
            #expect(enclaves.outcome == outcome)
            #expect(enclaves.refusal.map { $0.code == "no_enclaves" } ?? true)
        }
        for (most, outcome) in [
            (nil, PreflightCheck.Outcome.unknown), (2, .ok), (1, .refused), (0, .refused),
        ] as [(Int?, PreflightCheck.Outcome)] {
            let addresses = try check(
                "type_ipv6_addresses",
                { $0.ipv6AddressesPerInterface = most }
            ) {
                $0.ipv6AddressesPerInterface = 2
            }
            #expect(addresses.outcome == outcome)
            #expect(addresses.refusal.map { $0.code == "too_many_ipv6_addresses" } ?? true)
        }
        let fixture = try PreflightFixture()
        let names = try fixture.checks(fixture.resize("t3.large")).map(\.name)
        for name in ["type_nitro_tpm", "type_efa", "type_enclaves", "type_ipv6_addresses"] {
            #expect(!names.contains(name))
        }
    }
}
