// How the compose file changes: all of it or nothing.

extension SandboxWorld {
    /// Makes the change that is asked for, once the new file has been found valid.
    mutating func edit(_ request: ApplyRequest) throws {
        let bytes = try edited(request.change, request.project.file)
        // As `docker compose config` on a copy: an invalid file never takes the old one's place.
        let compose: SandboxCompose
        do { compose = try SandboxCompose(bytes, environment: environment) } catch let error
            as Diagnostic
        {
            throw SandboxProof.refused(
                "compose_config_failed",
                "docker compose config refuses the file: \(error.summary) \(error.detail ?? "")"
            )
        }
        for (name, image) in request.expectedImages.sorted(by: { $0.key.text < $1.key.text }) {
            guard compose.service(name)?.image == image.text else {
                let found = compose.service(name)?.image ?? "none"
                throw SandboxProof.refused(
                    "compose_image_mismatch",
                    "The image of \(name) would be \(found), not \(image)."
                )
            }
        }
        for name in request.services where compose.service(name) == nil {
            throw SandboxProof.refused("compose_config_failed", "There is no service \(name).")
        }
        machine.files[SandboxMachine.composeFile] = FileBytes(bytes)
    }

    private func edited(_ change: ComposeChange, _ path: String) throws -> [UInt8] {
        guard path == SandboxMachine.composeFile else {
            throw SandboxProof.refused(
                "compose_file_missing",
                "The running project does not come from \(path)."
            )
        }
        let current = try composeBytes()
        switch change {
        case .none: return current
        case .edits(let edits, let before):
            guard SandboxDigest.hex(current) == before else {
                throw SandboxProof.refused(
                    "compose_changed",
                    "The compose file has changed since it was read."
                )
            }
            return try Self.replaced(current, edits)
        case .restore(let backup, let sha256):
            // The second copy, on EFS, stands in for one that is lost or damaged.
            let place = backup.replacing("/var/lib/geusemaker/", with: "", maxReplacements: 1)
            let other = self[file: "\(SandboxMachine.mountPoint)/.geusemaker/\(place)"]
            if let other, other.sha256 == sha256 { return other.bytes }
            guard let file = machine.files[backup] else {
                throw SandboxProof.refused(
                    "compose_backup_damaged",
                    "The saved file \(backup) is missing."
                )
            }
            guard file.sha256 == sha256 else {
                throw SandboxProof.refused(
                    "compose_backup_damaged",
                    "The saved file \(backup) is not the one that was saved."
                )
            }
            return file.bytes
        }
    }

    /// From the back to the front, so that offsets hold; edits must not overlap.
    private static func replaced(_ bytes: [UInt8], _ edits: [ComposeEdit]) throws -> [UInt8] {
        var result = bytes
        var limit = bytes.count
        for edit in edits.sorted(by: { $0.offset > $1.offset }) {
            let old = Array(edit.old.utf8)
            guard edit.offset >= 0, edit.offset + old.count <= limit,
                bytes[edit.offset..<edit.offset + old.count].elementsEqual(old)
            else {
                throw SandboxProof.refused(
                    "compose_changed",
                    "\(VisibleText.quoted(edit.old)) is not at byte \(edit.offset)."
                )
            }
            result.replaceSubrange(edit.offset..<edit.offset + old.count, with: edit.new.utf8)
            limit = edit.offset
        }
        return result
    }
}
