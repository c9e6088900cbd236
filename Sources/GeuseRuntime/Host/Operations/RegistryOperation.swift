/// Looks at registries from the host; what they say is read by `RegistryReading`.
enum RegistryOperation {
    /// What a pull of each image would find.
    static func images(_ images: [ImageReference]) -> HostOperationScript {
        HostOperationScript(
            parts: [
                HostScript.containers, HostScript.json, HostScript.registry,
                HostScript.registryImages,
            ],
            values: [("G_LOOKUPS", .words(images.map { [$0.text] }))]
        )
    }

    /// The tags of an image's repository that begin with a text.
    static func tags(
        of image: ImageReference,
        beginningWith prefix: String
    ) -> HostOperationScript {
        HostOperationScript(
            parts: [
                HostScript.containers, HostScript.json, HostScript.registry,
                HostScript.registryTags,
            ],
            values: [("G_LOOKUPS", .words([[image.text, prefix]]))]
        )
    }
}
