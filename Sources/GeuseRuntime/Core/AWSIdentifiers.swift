/// The id of an EC2 instance.
public struct InstanceID: Identifier {
    /// The label for messages.
    public static let label = "instance id"
    /// The rule for messages.
    public static let rule = "i- and 8 to 17 hexadecimal digits"
    /// The text.
    public let text: String

    /// Wraps a text that was checked.
    public init(unchecked text: String) { self.text = text }

    /// Whether the text obeys the rule.
    public static func accepts(_ text: String) -> Bool {
        Grammar.isResourceID(text, prefix: "i-")
    }
}

/// The id of an EFS file system.
public struct FileSystemID: Identifier {
    /// The label for messages.
    public static let label = "file system id"
    /// The rule for messages.
    public static let rule = "fs- and 8 to 17 hexadecimal digits"
    /// The text.
    public let text: String

    /// Wraps a text that was checked.
    public init(unchecked text: String) { self.text = text }

    /// Whether the text obeys the rule.
    public static func accepts(_ text: String) -> Bool {
        Grammar.isResourceID(text, prefix: "fs-")
    }
}

/// The name of an EC2 instance type, such as `t3.large` or `u-6tb1.metal`.
public struct InstanceType: Identifier {
    /// The label for messages.
    public static let label = "instance type"
    /// The rule for messages.
    public static let rule = "a family and a size, such as t3.large"
    /// The text.
    public let text: String

    /// Wraps a text that was checked.
    public init(unchecked text: String) { self.text = text }

    /// Whether the text is `family.size` of lower-case letters, digits and hyphens.
    public static func accepts(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && text.utf8.count <= 64
            && parts.allSatisfy { part in
                guard let first = part.utf8.first, Grammar.isLower(first) || Grammar.isDigit(first)
                else { return false }
                return part.utf8.allSatisfy {
                    Grammar.isLower($0) || Grammar.isDigit($0) || $0 == UInt8(ascii: "-")
                }
            }
    }
}

/// The name of an AWS region, such as `eu-central-1` or `us-gov-west-1`.
public struct Region: Identifier {
    /// The label for messages.
    public static let label = "region"
    /// The rule for messages.
    public static let rule = "a region name such as us-east-1"
    /// The text.
    public let text: String

    /// Wraps a text that was checked.
    public init(unchecked text: String) { self.text = text }

    /// Whether the text is lower-case words joined by hyphens that end in a number.
    public static func accepts(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, text.utf8.count <= 32, let last = parts.last, !last.isEmpty,
            last.utf8.allSatisfy(Grammar.isDigit)
        else { return false }
        return parts.dropLast().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Grammar.isLower) }
    }
}
