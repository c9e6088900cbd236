/// Whether the images of a plan can be what they are meant to be.
struct ImageChecks {
    let plan: Plan

    func run() -> [PreflightCheck] {
        images.map { service, image in
            image.digest == nil && (image.tag ?? "latest") == "latest"
                ? .warning(
                    "image_tag",
                    of: service.text,
                    "\(image) is whatever was pushed last; the digest that is pulled is kept in the "
                        + "backup.",
                    hint: "Name a version, such as 1.20.0."
                ) : .ok("image_tag", of: service.text, "\(image) names a version.")
        }
    }

    private var images: [(ServiceName, ImageReference)] {
        plan.steps.compactMap {
            if case .setImage(let service, _, let image) = $0 { (service, image) } else { nil }
        }
    }
}
