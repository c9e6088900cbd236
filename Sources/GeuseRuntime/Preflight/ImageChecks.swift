/// Whether the images of a plan can be had, are for the host, and what they are now.
///
/// Sources: OCI distribution specification (manifests and error codes), OCI image specification
/// (platforms, sizes), Docker's "Pull usage and limits".
struct ImageChecks {
    let plan: Plan
    let host: HostFacts?

    /// Fewer pulls than this are told: each image of a stack takes one, and an undo may take as many.
    private static let fewPulls = 10

    func run() -> [PreflightCheck] {
        plan.pulledImages.flatMap { service, image in
            guard let found = host?.registry(image) else {
                return [
                    PreflightCheck.unknown(
                        "image_manifest",
                        of: service.text,
                        "Nobody asked the registry for \(image)."
                    )
                ]
            }
            return checks(found, service.text)
        } + tags
    }

    /// Why a pull of an image would be refused; nil where nothing is known to speak against it.
    static func refusal(of image: RegistryImage, on host: HostFacts?) -> Diagnostic? {
        ImageChecks(plan: Plan(stack: StackName(unchecked: "any")), host: host)
            .checks(image, "").lazy.compactMap(\.refusal).first
    }

    private func checks(_ image: RegistryImage, _ service: String) -> [PreflightCheck] {
        let name = image.reference
        switch image.answer {
        case .refused(let refusal):
            let check = refusal.code == "image_rate_limited" ? "image_rate_limit" : "image_manifest"
            return [.refused(check, of: service, refusal)]
        case .unknown(let why):
            return [
                .unknown(
                    "image_manifest",
                    of: service,
                    "The registry could not be asked for \(name): \(why)",
                    hint: "The pull will tell; it comes before anything that runs is touched."
                )
            ]
        case .found:
            return [
                .ok("image_manifest", of: service, "The registry has \(name)."),
                architecture(image, service), digest(image, service), rateLimit(image, service),
            ]
        }
    }

    private func architecture(_ image: RegistryImage, _ service: String) -> PreflightCheck {
        let own = "linux/" + ImagePlatform.architecture(host?.architecture ?? "")
        guard let fits = image.fits else {
            return .unknown(
                "image_architecture",
                of: service,
                "It is not known which platforms \(image.reference) is published for."
            )
        }
        let published = image.platforms.joined(separator: ", ")
        return fits
            ? .ok("image_architecture", of: service, "Published for \(own).")
            : .refused(
                "image_architecture",
                of: service,
                DockerFailure.pull(
                    of: image.reference.text,
                    as: .wrongArchitecture,
                    detail: "The host is \(own); it is published for \(published)."
                )
            )
    }

    private func digest(_ image: RegistryImage, _ service: String) -> PreflightCheck {
        if let digest = image.digest {
            return .ok("image_digest", of: service, "\(image.reference) is \(digest).")
        }
        if let manifest = image.manifest {
            let text = "The host's manifest of \(image.reference) is \(manifest)."
            return .ok("image_digest", of: service, text)
        }
        return .unknown(
            "image_digest",
            of: service,
            "The registry does not tell what \(image.reference) is now."
        )
    }

    private func rateLimit(_ image: RegistryImage, _ service: String) -> PreflightCheck {
        guard let left = image.pullsLeft else {
            return .ok("image_rate_limit", of: service, "The registry tells of no limit.")
        }
        if image.isOnHost {
            return .ok("image_rate_limit", of: service, "\(left) left; the image is on the host.")
        }
        if left <= 0 {
            return .refused(
                "image_rate_limit",
                of: service,
                DockerFailure.pull(
                    of: image.reference.text,
                    as: .rateLimited,
                    detail: "None is left."
                )
            )
        }
        return left < Self.fewPulls
            ? .warning(
                "image_rate_limit",
                of: service,
                "The registry lets the host pull \(left) more times for now.",
                hint: "`docker login` on the host raises the limit."
            ) : .ok("image_rate_limit", of: service, "\(left) left.")
    }

    private var tags: [PreflightCheck] {
        images.map { service, image in
            if image.digest != nil || ProgramVersion(image) != nil
                || ProgramVersion.postgresMajor(image) != nil
            {
                return .ok("image_tag", of: service.text, "\(image) names a version.")
            }
            let found = host?.registry(image)
            let now = (found?.digest ?? found?.content).map { "; now that is \($0)" } ?? ""
            return .warning(
                "image_tag",
                of: service.text,
                "\(image) is whatever was pushed last\(now).",
                hint: "Name a version, such as 1.20.0."
            )
        }
    }

    private var images: [(ServiceName, ImageReference)] {
        plan.steps.compactMap {
            if case .setImage(let service, _, let image) = $0 { (service, image) } else { nil }
        }
    }
}
