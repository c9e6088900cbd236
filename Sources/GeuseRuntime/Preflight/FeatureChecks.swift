/// Whether a type has what the instance uses of the present one; what it does not use is not looked at.
///
/// Sources: EC2 User Guide, "Requirements for using NitroTPM", "Elastic Fabric Adapter", "Maximum IP
/// addresses per network interface"; Nitro Enclaves User Guide, "Requirements"; EC2 API Reference,
/// InstanceTypeInfo and NetworkInfo.
struct FeatureChecks {
    let instance: Instance
    let target: InstanceTypeFacts

    private var type: String { target.type.text }

    func run() -> [PreflightCheck] { [tpm, efa, enclaves, addresses].compactMap(\.self) }

    private var tpm: PreflightCheck? {
        guard instance.hasNitroTPM else { return nil }
        return check(
            "type_nitro_tpm",
            "NitroTPM",
            target.hasNitroTPM,
            code: "no_nitro_tpm",
            hint: "Choose a type that has it; an instance keeps what its image asks for."
        )
    }

    private var efa: PreflightCheck? {
        guard instance.elasticFabricAdapters > 0 else { return nil }
        return check(
            "type_efa",
            "Elastic Fabric Adapter",
            target.hasEFA,
            code: "no_efa",
            hint: "Choose a type that has it, or detach the adapter while the instance is stopped."
        )
    }

    private var enclaves: PreflightCheck? {
        guard instance.hasEnclaves else { return nil }
        return check(
            "type_enclaves",
            "Nitro Enclaves",
            target.hasEnclaves,
            code: "no_enclaves",
            hint: "Choose a type that has them; they are enabled at the launch alone."
        )
    }

    private func check(
        _ name: String,
        _ feature: String,
        _ isSupported: Bool?,
        code: String,
        hint: String
    ) -> PreflightCheck {
        switch isSupported {
        case nil: .unknown(name, of: type, "EC2 does not tell whether \(type) has \(feature).")
        case true?: .ok(name, of: type, "\(feature), as the instance.")
        case false?:
            .refused(
                name,
                of: type,
                code: code,
                "\(instance.id) uses \(feature), which \(type) does not have.",
                hint: hint
            )
        }
    }

    private var addresses: PreflightCheck? {
        let used = instance.ipv6AddressesPerInterface
        guard used > 0 else { return nil }
        return AddressCheck(
            name: "type_ipv6_addresses",
            code: "too_many_ipv6_addresses",
            family: "IPv6",
            called: "IPv6 addresses",
            used: used,
            most: target.ipv6AddressesPerInterface,
            remedy: "Choose another type"
        ).run(instance.id, type)
    }
}
