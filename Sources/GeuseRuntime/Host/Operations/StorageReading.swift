/// Reads what the storage part of a script says, and names the values that it needs.
enum StorageReading {
    static func values(
        of request: HostInspection,
        networkTypes: [String]
    ) -> [(name: String, value: HostScript.Value)] {
        [
            ("G_MOUNT", .text(mountPoint(request.mountPoint))),
            ("G_FILESYSTEM", .text(request.fileSystem?.text ?? "")),
            ("G_NONCE", .text(request.nonce ?? "")),
            ("G_TYPES", .words(networkTypes.map { [$0] })),
        ]
    }

    /// Without slashes at the end, as the kernel lists it.
    static func mountPoint(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }

    /// The facts in a payload; nil when they are not complete.
    static func facts(_ payload: HostPayload, mountPoint: String) -> StorageFacts? {
        let words = payload.word("mount")?.split(separator: " ").map(String.init) ?? []
        guard words.count == 5, let answer = StorageFacts.Answer(rawValue: words[2]),
            let texts = HostPayload.text(words[4])?.split(
                separator: "\n",
                maxSplits: 3,
                omittingEmptySubsequences: false
            ), texts.count == 4
        else { return nil }
        let filled = texts.map { $0.isEmpty ? nil : String($0) }
        var volumes: [String: Bool] = [:]
        for line in payload.all("volume") {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let path = HostPayload.text(parts[1]) else { return nil }
            volumes[path] = parts[0] == "yes"
        }
        return StorageFacts(
            mountPoint: mountPoint,
            isMounted: words[0] == "yes",
            type: filled[0],
            source: filled[1].map(unescaped),
            tunnelFileSystem: filled[2],
            isReadWrite: words[1] == "yes",
            answer: answer,
            error: answer == .answered ? nil : filled[3],
            nonceMatches: words[3] == "none" ? nil : words[3] == "yes",
            volumes: volumes,
            strays: payload.all("stray").compactMap(HostPayload.text)
        )
    }

    /// Undoes the kernel's octal escapes of blanks and backslashes (proc(5), mountinfo).
    static func unescaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        let input = Array(text.utf8)
        var index = 0
        while index < input.count {
            let digits = input[index...].dropFirst().prefix(3)
            if input[index] == UInt8(ascii: "\\"), digits.count == 3,
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                index += 4
            } else {
                bytes.append(input[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
