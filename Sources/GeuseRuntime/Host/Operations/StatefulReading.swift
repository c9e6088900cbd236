/// Reads what a script says of services that keep state: kind, service, then `name:value` words.
enum StatefulReading {
    static func facts(_ payload: HostPayload) -> [StatefulFacts] {
        payload.all("stateful").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 2,
                let kind = StatefulFacts.Kind(rawValue: String(words[0])),
                let name = HostPayload.text(words[1]), ServiceName.accepts(name)
            else { return nil }
            var values: [Substring: String] = [:]
            for word in words.dropFirst(2) {
                guard let colon = word.firstIndex(of: ":"),
                    let text = HostPayload.text(word[word.index(after: colon)...]), !text.isEmpty
                else { continue }
                values[word[..<colon]] = text
            }
            var facts = StatefulFacts(service: ServiceName(unchecked: name), kind: kind)
            facts.isRunning = values["running"] == "yes"
            facts.dataPath = values["path"]
            facts.hostPath = values["host"]
            facts.mountedAt = values["mount"]
            facts.dataVersion = values["data"]
            facts.isEmpty = values["empty"] == "yes"
            facts.setsDataPath = values["sets"] == "yes"
            facts.programVersion = values["program"]
            facts.system = values["system"]
            facts.release = values["release"]
            facts.key = values["key"].flatMap(StatefulFacts.Key.init(rawValue:)) ?? .unknown
            facts.database = values["database"]
            facts.databaseFile = values["file"]
            facts.seesGPU = values["gpu"].map { $0 == "yes" }
            return facts
        }
    }
}
