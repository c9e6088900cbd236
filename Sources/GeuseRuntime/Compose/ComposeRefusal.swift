/// The reasons why an image can't be set by editing one scalar, worded in one place.
enum ComposeRefusal {
    static func unknown(_ name: ServiceName, known: [ServiceName]) -> Diagnostic {
        let names = known.map(\.text).sorted()
        let nearest = NearNames.closest(to: name.text, among: names)
        return ComposeReader.refused(
            "unknown_service",
            "The stack has no service \(VisibleText.quoted(name.text)).",
            detail: "Its services are \(names.joined(separator: ", ")).",
            hint: nearest.map { "Did you mean \($0)?" }
        )
    }

    static func elsewhere(_ name: ServiceName) -> Diagnostic {
        ComposeReader.refused(
            "compose_image_elsewhere",
            "Service \(name) is not in the compose file itself: its image is set in a file that it includes.",
            detail: "Images are set in the first compose file alone. Nothing was touched.",
            hint:
                "Set the image in the included file by hand, or move \(name) into the compose file."
        )
    }

    static func noImage(_ name: ServiceName) -> Diagnostic {
        ComposeReader.refused(
            "compose_image_missing",
            "Service \(name) names no image in the compose file.",
            hint: "Add an image line to the service by hand."
        )
    }

    static func inherited(_ name: ServiceName) -> Diagnostic {
        ComposeReader.refused(
            "compose_image_inherited",
            "Service \(name) takes its image from a merge key or from `extends`.",
            detail: "An edit there would change every service that uses it.",
            hint: "Give \(name) an image line of its own."
        )
    }

    static func built(_ name: ServiceName) -> Diagnostic {
        ComposeReader.refused(
            "compose_image_built",
            "Service \(name) is built from source and has no image line.",
            hint: "Give \(name) an image line to run a published image."
        )
    }

    static func shared(_ name: ServiceName) -> Diagnostic {
        ComposeReader.refused(
            "compose_image_shared",
            "Service \(name) shares its image line with another place through an anchor.",
            detail: "An edit would change that place too.",
            hint: "Write the image of \(name) out, without anchor and alias."
        )
    }

    static func layout(_ name: ServiceName) -> Diagnostic {
        ComposeReader.refused(
            "compose_image_layout",
            "The image of service \(name) is written in a form that can't be edited in place.",
            detail: "Block scalars, text over several lines and escapes around variables are such.",
            hint: "Write it on one line after `image:`."
        )
    }

    static func unreadable(_ name: ServiceName, _ text: String) -> Diagnostic {
        ComposeReader.refused(
            "compose_image_unreadable",
            "The image of service \(name) is \(VisibleText.quoted(text)), which compose can't read.",
            hint: "Correct the line; `docker compose config` names the mistake."
        )
    }

    static func overridden(
        _ name: ServiceName,
        _ text: String,
        _ resolved: String?
    ) -> Diagnostic {
        ComposeReader.refused(
            "compose_image_overridden",
            "The image of service \(name) is set in another file than the compose file.",
            detail: "The file says \(VisibleText.quoted(text)), compose resolves "
                + "\(VisibleText.quoted(resolved ?? "")).",
            hint: "Remove the override, or set the image there by hand."
        )
    }

    static func unresolved(
        _ name: ServiceName,
        _ text: String,
        _ resolved: String?
    ) -> Diagnostic {
        ComposeReader.refused(
            "compose_image_unresolved",
            "How the image of service \(name) comes about is not known.",
            detail: "The file says \(VisibleText.quoted(text)), compose resolves "
                + "\(resolved.map(VisibleText.quoted) ?? "nothing").",
            hint: "Check the service with `docker compose config` on the host."
        )
    }

    static func variable(
        _ name: ServiceName,
        _ text: String,
        _ variables: [String],
        _ image: ImageReference
    ) -> Diagnostic {
        let names = variables.joined(separator: ", ")
        return ComposeReader.refused(
            "compose_image_variable",
            "The image of service \(name) comes from \(names), not from the compose file alone.",
            detail: "The file says \(VisibleText.quoted(text)); no edit of it gives \(image).",
            hint: "Set \(names) in `.env` or `runtime.env` beside the compose file, or write the "
                + "image of \(name) without variables."
        )
    }
}
