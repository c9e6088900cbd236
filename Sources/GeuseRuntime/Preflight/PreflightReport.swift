/// All checks of a plan, in the order in which they are shown.
public struct PreflightReport: Sendable, Equatable {
    /// The checks, after what a person may overrule was overruled.
    public let checks: [PreflightCheck]

    /// A report; refusals whose names are in `allowed` become warnings.
    public init(_ checks: [PreflightCheck], allowing allowed: Set<String> = []) {
        self.checks = checks.map { check in
            guard check.outcome == .refused, let name = check.allowName, allowed.contains(name)
            else { return check }
            return check.overruled()
        }
    }

    /// The reasons why not.
    public var refusals: [PreflightCheck] { checks.filter { $0.outcome == .refused } }

    /// The first refusal as the error of the run, with the others in its detail; nil when there is none.
    public var refusal: Diagnostic? {
        let all = refusals
        guard let first = all.first, let cause = first.refusal else { return nil }
        let others = all.dropFirst().map { "Also: " + $0.evidence }
        let overrule = first.allowName.map { ["To do it all the same: --allow \($0)"] } ?? []
        let detail = [cause.detail].compactMap { $0 } + others + overrule + ["Nothing was touched."]
        return cause.withDetail(detail.joined(separator: "\n")).withKind(.refused)
    }

    /// The checks as data.
    public var json: JSONValue { .array(checks.map(\.json)) }
}
