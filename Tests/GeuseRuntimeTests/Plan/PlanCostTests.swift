import Testing

@testable import GeuseRuntime

@Suite("The plan tells what a change of type costs, or that it does not know")
struct PlanCostTests {
    private func cost(
        _ to: String,
        from: String = "t3.medium",
        in region: String = "us-east-1",
        _ change: (inout Instance) -> Void = { _ in },
        listed: [String: Double] = [:]
    ) throws -> PlanCost? {
        let fixture = try StackFixture()
        var instance = try fixture.facts().instance
        instance.type = from
        change(&instance)
        var plan = Plan(stack: fixture.name)
        plan.steps = [.resize(from: from, to: try InstanceType(to), fallback: [])]
        return PlanCost(plan, instance, region: region) {
            listed[$0.text].map { OnDemandPrice(hourly: $0) }
        }
    }

    @Test("list prices by the month")
    func known() throws {
        let cost = try #require(try cost("t3.large"))
        #expect(cost.sentence.contains("$30.37 -> $60.74 a month (+$30.37; On-Demand list prices"))
        #expect(cost.json["new_monthly_usd"]?.doubleValue == 60.74)
        let less = try #require(try self.cost("t3.nano", from: "g5.xlarge"))
        #expect(less.sentence.contains("$734.38 -> $3.80 a month (-$730.58;"))
    }

    @Test("a fallback type may cost something else, and it is said")
    func fallback() throws {
        let fixture = try StackFixture()
        var plan = Plan(stack: fixture.name)
        let other = InstanceType(unchecked: "m6i.large")
        for (fallback, isSaid) in [([], false), ([other], true)] as [([InstanceType], Bool)] {
            plan.steps = [
                .resize(from: "t3.medium", to: try InstanceType("t3.large"), fallback: fallback)
            ]
            let instance = try fixture.facts().instance
            let cost = try #require(
                PlanCost(plan, instance, region: "us-east-1") { _ in nil }
            )
            #expect(cost.sentence.contains("A fallback type may cost something else.") == isSaid)
        }
    }

    @Test("another region, a type that is not listed")
    func unknown() throws {
        #expect(try cost("t3.large", in: "eu-west-1")?.sentence.hasPrefix("Cost: unknown;") == true)
        let cost = try #require(try cost("x9.large"))
        #expect(cost.json["new_monthly_usd"] == .null && cost.current != nil)
        #expect(cost.sentence.contains("x9.large"))
    }

    @Test("AWS's own list, when it has both types")
    func listed() throws {
        let prices = ["t3.medium": 0.0456, "t3.large": 0.0912]
        let cost = try #require(try cost("t3.large", in: "eu-west-1", listed: prices))
        #expect(cost.sentence.contains("$33.29 -> $66.58 a month (+$33.29; On-Demand prices of eu"))
        let half = try self.cost("t3.large", in: "eu-west-1", listed: ["t3.large": 0.0912])
        #expect(half?.sentence.hasPrefix("Cost: unknown;") == true)
    }

    @Test("prices of Linux on shared hardware are no other's")
    func others() throws {
        let prices = ["t3.medium": 0.0416, "t3.large": 0.0832]
        let changes: [(String, (inout Instance) -> Void)] = [
            ("Red Hat Enterprise Linux", { $0.platform = "Red Hat Enterprise Linux" }),
            ("Windows", { $0.platform = "Windows" }), ("dedicated", { $0.tenancy = "dedicated" }),
            ("host", { $0.tenancy = "host" }), ("does not tell", { $0.tenancy = nil }),
        ]
        for (word, change) in changes {
            let cost = try #require(try cost("t3.large", in: "us-east-1", change, listed: prices))
            #expect(cost.current == nil && cost.new == nil, "\(word)")
            #expect(cost.sentence.hasPrefix("Cost: unknown;"), "\(word)")
            #expect(cost.source.contains(word), "\(word)")
        }
    }

    @Test("a price that no instance has does not end the program")
    func absurd() throws {
        let prices = ["t3.medium": 0.0416, "t3.large": 1e300]
        let cost = try #require(try cost("t3.large", listed: prices))
        #expect(cost.sentence.hasPrefix("Cost of the instance: about $30.37 -> $"))
    }

    @Test("no change of type, no cost")
    func none() throws {
        let fixture = try StackFixture()
        let instance = try fixture.facts().instance
        let plan = Plan(stack: fixture.name)
        #expect(PlanCost(plan, instance, region: "us-east-1") { _ in nil } == nil)
    }
}
