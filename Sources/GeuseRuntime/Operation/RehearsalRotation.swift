extension Rehearsal {
    /// Finds where the password is kept and records its rotation.
    public func rotateCredentials(of service: ServiceName) throws {
        try refuseAfterFailure()
        try requireOutsideWindow("a rotation of credentials")
        try requireMayChange()
        let host = try look().seenHost()
        let target = try Self.credential(of: service, host)
        for name in [target.service, target.database] {
            guard host.service(name)?.isWell == true else {
                throw Diagnostic(
                    "credentials_service_down",
                    "\(name) is not well, so a new password could not be proven.",
                    detail: "Nothing was touched.",
                    hint: "Bring it up first.",
                    kind: .refused
                )
            }
        }
        try secureFirst()
        plan.warnings.append(
            "Connections to the database that are open stay open. Whoever else logs in as the role of "
                + "\(service) needs the new password, from \(target.sentence), from then on."
        )
        plan.warnings.append(
            "Other services that are given that file are made anew when they are next started; "
                + "only \(service) is by this run."
        )
        try record(.rotateCredentials(target))
        predictNewContainer(of: target.service)
    }

    /// The password of a service, and where it stands.
    static func credential(of service: ServiceName, _ host: HostFacts) throws -> CredentialTarget {
        guard host.service(service) != nil else {
            throw Diagnostic(
                "unknown_service",
                "There is no service called \(service) in \(host.project.file).",
                detail: "Nothing was touched.",
                hint: "The services are: " + host.services.map(\.name.text).joined(separator: ", ")
                    + ".",
                kind: .refused
            )
        }
        guard service.text == "n8n" else {
            throw Diagnostic(
                "credentials_unknown",
                "It is not known which credentials \(service) has.",
                detail: "Nothing was touched.",
                hint: "The database password of n8n can be rotated.",
                kind: .refused
            )
        }
        return try ComposeDocument(bytes: host.project.bytes)
            .credential(of: service, in: host.environment)
    }
}
