import GeuseRuntime

/// Finds instance types among a script's arguments.
enum InstanceTypes {
    private static let options: Set<String> = ["--instance-type", "--fallback-type"]

    /// The types that the arguments name.
    ///
    /// A guess at what the script will ask for: a wrong one costs a look-up that nobody uses.
    static func named(in words: [String]) -> [InstanceType] {
        zip(words, words.dropFirst()).compactMap { option, value in
            options.contains(option) ? try? InstanceType(value) : nil
        }
    }
}
