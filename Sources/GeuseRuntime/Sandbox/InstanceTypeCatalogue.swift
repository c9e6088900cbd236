/// The instance types that the sandbox knows, with their true facts.
///
/// Source: the EC2 documentation's instance type specifications (general purpose, compute and memory
/// optimized, accelerated computing) and "Maximum IP addresses per network interface".
enum InstanceTypeCatalogue {
    private struct Family {
        let name: String
        let isARM: Bool
        let ena: String
        let isBurstable: Bool
        /// Size, vCPUs, memory in MiB, network interfaces, GPUs.
        let sizes: [(String, Int, Int, Int, Int)]

        init(
            _ name: String,
            isARM: Bool = false,
            ena: String = "required",
            isBurstable: Bool = false,
            _ sizes: [(String, Int, Int, Int, Int)]
        ) {
            self.name = name
            self.isARM = isARM
            self.ena = ena
            self.isBurstable = isBurstable
            self.sizes = sizes
        }
    }

    /// The sizes of a family whose vCPUs and memory double from `large` on.
    private static func ladder(
        _ memoryPerCPU: Int,
        upTo last: Int,
        hasMedium: Bool = false
    ) -> [(String, Int, Int, Int, Int)] {
        let steps: [(String, Int, Int)] = [
            ("large", 2, 3), ("xlarge", 4, 4), ("2xlarge", 8, 4), ("4xlarge", 16, 8),
            ("8xlarge", 32, 8), ("12xlarge", 48, 8), ("16xlarge", 64, 15), ("24xlarge", 96, 15),
            ("32xlarge", 128, 15),
        ]
        let medium: [(String, Int, Int)] = hasMedium ? [("medium", 1, 2)] : []
        return (medium + steps).filter { $0.1 <= last }.map { size, cpus, interfaces in
            (size, cpus, cpus * memoryPerCPU * 1024, interfaces, 0)
        }
    }

    private static func burstable(_ interfacesOfSmall: Int) -> [(String, Int, Int, Int, Int)] {
        [
            ("nano", 2, 512, 2, 0), ("micro", 2, 1024, 2, 0),
            ("small", 2, 2048, interfacesOfSmall, 0), ("medium", 2, 4096, 3, 0),
            ("large", 2, 8192, 3, 0), ("xlarge", 4, 16384, 4, 0), ("2xlarge", 8, 32768, 4, 0),
        ]
    }

    private static var families: [Family] {
        [
            Family(
                "t2",
                ena: "unsupported",
                isBurstable: true,
                [
                    ("micro", 1, 1024, 2, 0), ("small", 1, 2048, 3, 0), ("medium", 2, 4096, 3, 0),
                    ("large", 2, 8192, 3, 0), ("xlarge", 4, 16384, 3, 0),
                    ("2xlarge", 8, 32768, 3, 0),
                ]
            ),
            Family("t3", isBurstable: true, burstable(3)),
            Family("t3a", isBurstable: true, burstable(2)),
            Family("t4g", isARM: true, isBurstable: true, burstable(3)),
            Family("m5", ladder(4, upTo: 96)),
            Family("m6i", ladder(4, upTo: 128)),
            Family("m7g", isARM: true, ladder(4, upTo: 64, hasMedium: true)),
            Family("c6i", ladder(2, upTo: 128)),
            Family("c7g", isARM: true, ladder(2, upTo: 64, hasMedium: true)),
            Family("r6i", ladder(8, upTo: 128)),
            Family(
                "g4dn",
                [
                    ("xlarge", 4, 16384, 3, 1), ("2xlarge", 8, 32768, 3, 1),
                    ("4xlarge", 16, 65536, 3, 1), ("8xlarge", 32, 131_072, 4, 1),
                    ("12xlarge", 48, 196_608, 8, 4), ("16xlarge", 64, 262_144, 4, 1),
                ]
            ),
            Family(
                "g5",
                [
                    ("xlarge", 4, 16384, 4, 1), ("2xlarge", 8, 32768, 4, 1),
                    ("4xlarge", 16, 65536, 8, 1), ("8xlarge", 32, 131_072, 8, 1),
                    ("12xlarge", 48, 196_608, 15, 4), ("16xlarge", 64, 262_144, 8, 1),
                    ("24xlarge", 96, 393_216, 15, 4), ("48xlarge", 192, 786_432, 7, 8),
                ]
            ),
        ]
    }

    /// The names of all types.
    static var names: [String] {
        families.flatMap { family in family.sizes.map { "\(family.name).\($0.0)" } }
    }

    /// The facts of a type; nil for one that the catalogue does not have.
    static func facts(_ type: InstanceType) -> InstanceTypeFacts? {
        let parts = type.text.split(separator: ".")
        guard parts.count == 2, let family = families.first(where: { $0.name == parts[0] }),
            let size = family.sizes.first(where: { $0.0 == parts[1] })
        else { return nil }
        var facts = InstanceTypeFacts(
            type: type,
            architectures: family.isARM ? ["arm64"] : architectures(family, memoryMiB: size.2),
            ena: family.ena,
            // Every family here but t2 is on the Nitro System.
            nvme: family.ena == "required" ? "required" : "unsupported",
            vcpus: size.1,
            memoryMiB: size.2,
            gpus: size.4,
            maximumNetworkInterfaces: size.3,
            hasInstanceStore: family.name == "g4dn" || family.name == "g5",
            isBurstable: family.isBurstable
        )
        // Arm boots by UEFI alone, and t2 by BIOS alone.
        facts.bootModes =
            family.isARM
            ? ["uefi"] : family.name == "t2" ? ["legacy-bios"] : ["legacy-bios", "uefi"]
        facts.supportsDedicatedHosts = !["t2", "t3a", "t4g"].contains(family.name)
        facts.addressesPerInterface = addresses(family, size.0)
        return facts
    }

    /// Private IPv4 addresses of an interface; the larger sizes take ten or more.
    private static func addresses(_ family: Family, _ size: String) -> Int {
        switch size {
        case "nano", "micro": 2
        case "small": 4
        case "medium": family.isBurstable ? 6 : 4
        default: 10
        }
    }

    /// t2 up to medium still takes 32-bit images; nothing else here does.
    private static func architectures(_ family: Family, memoryMiB: Int) -> [String] {
        family.name == "t2" && memoryMiB <= 4096 ? ["i386", "x86_64"] : ["x86_64"]
    }

    /// Whether a zone has a type: us-east-1e has no Nitro families, a known trap of that region.
    static func isOffered(_ type: InstanceType, zone: String) -> Bool {
        guard facts(type) != nil else { return false }
        return zone != "us-east-1e" || type.text.hasPrefix("t2.")
    }
}
