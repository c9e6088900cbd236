/// Whether an interface can have as many addresses of a family on another type.
///
/// Source: EC2 User Guide, "Maximum IP addresses per network interface".
struct AddressCheck {
    /// The check's name.
    let name: String
    /// The refusal's code.
    let code: String
    /// `IPv4` or `IPv6`.
    let family: String
    /// The addresses in words.
    let called: String
    /// The most that one interface of the instance has.
    let used: Int
    /// How many the type takes; nil where EC2 does not tell.
    let most: Int?
    /// What helps besides unassigning some.
    let remedy: String

    func run(_ instance: InstanceID, _ type: String) -> PreflightCheck {
        guard let most else {
            return .unknown(
                name,
                of: type,
                "EC2 does not tell how many \(family) addresses an interface can have."
            )
        }
        guard used > most else {
            return .ok(name, of: type, "\(used) \(called) on an interface at most.")
        }
        return .refused(
            name,
            of: type,
            code: code,
            "An interface of \(instance) has \(used) \(called), \(type) takes \(most).",
            hint: "\(remedy), or unassign addresses that are not needed."
        )
    }
}
