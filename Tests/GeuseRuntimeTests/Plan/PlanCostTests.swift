import Testing

@testable import GeuseRuntime

@Suite("The plan tells what a change of type costs, or that it does not know")
struct PlanCostTests {
    private func cost(_ to: String, from: String = "t3.medium", in region: String = "us-east-1")
        throws -> PlanCost?
    {
        let fixture = try StackFixture()
        var instance = try fixture.facts().instance
        instance.type = from
        var plan = Plan(stack: fixture.name)
        plan.steps = [.resize(from: from, to: try InstanceType(to), fallback: [])]
        return PlanCost(plan, instance, region: region)
    }

    @Test("list prices by the month")
    func known() throws {
        let cost = try #require(try cost("t3.large"))
        #expect(cost.sentence.contains("$30.37 -> $60.74 a month (+$30.37; On-Demand list prices"))
        #expect(cost.json["new_monthly_usd"]?.doubleValue == 60.74)
        let less = try #require(try self.cost("t3.nano", from: "g5.xlarge"))
        #expect(less.sentence.contains("$734.38 -> $3.80 a month (-$730.58;"))
    }

    @Test("another region, a type that is not listed")
    func unknown() throws {
        #expect(try cost("t3.large", in: "eu-west-1")?.sentence.hasPrefix("Cost: unknown;") == true)
        let cost = try #require(try cost("x9.large"))
        #expect(cost.json["new_monthly_usd"] == .null && cost.current != nil)
        #expect(cost.sentence.contains("x9.large"))
    }

    @Test("no change of type, no cost")
    func none() throws {
        let fixture = try StackFixture()
        let instance = try fixture.facts().instance
        #expect(PlanCost(Plan(stack: fixture.name), instance, region: "us-east-1") == nil)
    }
}
