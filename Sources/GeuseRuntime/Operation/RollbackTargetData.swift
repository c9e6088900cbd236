// A rollback's target as the plan's data has it: complete, so that a killed run can be resumed from
// its journal.

extension RollbackTarget {
    /// The target as data.
    var json: JSONValue {
        var evidence = earlier.evidence
        // Nothing looks for the nonce of that time: the run proves the mount with its own.
        evidence?.nonce = nil
        return [
            "point": earlier.point.json,
            "version": version.map(JSONValue.int) ?? .null,
            "backup": backup.map(JSONValue.string) ?? .null,
            "recorded": .object(snapshot.document),
            "ran": evidence.map { .object($0.json) } ?? .null,
            "instance_type": [
                "from": .string(currentType), "to": .string(type.text),
            ],
            "images": .array(images.map(\.json)),
            "restores_compose_file": .bool(restoresFile),
            "warnings": .array(warnings.map(JSONValue.string)),
        ]
    }

    /// Reads the data form; nil where it is none.
    init?(json: JSONValue) {
        guard let point = json["point"].flatMap(RollbackPoint.init(json:)),
            let recorded = json["recorded"]?.objectValue,
            let from = json["instance_type"]?["from"]?.stringValue,
            let type = (json["instance_type"]?["to"]?.stringValue).flatMap({
                try? InstanceType($0)
            }),
            let rows = json["images"]?.arrayValue,
            let restoresFile = json["restores_compose_file"]?.boolValue
        else { return nil }
        let images = rows.compactMap(Image.init(json:))
        guard images.count == rows.count else { return nil }
        var evidence: BackupEvidence?
        if let ran = json["ran"]?.objectValue {
            guard var read = try? BackupEvidence(json: ran) else { return nil }
            read.nonce = ""
            evidence = read
        }
        earlier = EarlierState(
            point: point,
            version: json["version"]?.intValue,
            snapshot: StateSnapshot(recorded),
            backup: json["backup"]?.stringValue,
            evidence: evidence
        )
        saved = evidence.flatMap { try? RecoveryPoint($0) }
        guard (saved == nil) == (evidence == nil) else { return nil }
        currentType = from
        self.type = type
        self.images = images
        self.restoresFile = restoresFile
        warnings = json["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
}

extension RollbackPoint {
    /// The point as data.
    var json: JSONValue {
        switch self {
        case .version(let number): .int(number)
        case .backup(let id): .string(id)
        }
    }

    /// Reads the data form.
    init?(json: JSONValue) {
        if let number = json.intValue {
            self = .version(number)
        } else if let id = json.stringValue {
            self = .backup(id)
        } else {
            return nil
        }
    }
}

extension RollbackTarget.Image {
    /// The image as data.
    var json: JSONValue {
        [
            "service": .string(service.text), "from": .string(from), "to": .string(to.text),
            "image_id": imageID.map(JSONValue.string) ?? .null,
            "source": source.map { .string($0.text) } ?? .null,
        ]
    }

    /// Reads the data form.
    init?(json: JSONValue) {
        guard let service = (json["service"]?.stringValue).flatMap({ try? ServiceName($0) }),
            let from = json["from"]?.stringValue,
            let to = (json["to"]?.stringValue).flatMap({ try? ImageReference($0) })
        else { return nil }
        self.init(
            service: service,
            from: from,
            to: to,
            imageID: json["image_id"]?.stringValue,
            source: (json["source"]?.stringValue).flatMap { try? ImageReference($0) }
        )
    }
}
