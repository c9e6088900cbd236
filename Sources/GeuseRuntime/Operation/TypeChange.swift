/// A change of the instance's type, made from what is asked for in the rehearsal and for real alike.
struct TypeChange: Equatable {
    let from: String
    let to: InstanceType
    /// The types to fall back to, in order.
    ///
    /// The present one is none of them: where there is room for no other, the undo starts it anyway. Nor is
    /// the wanted one, which was tried by then, and each is tried once.
    let fallback: [InstanceType]

    init(from: String, to: InstanceType, orElse fallback: [InstanceType]) {
        self.from = from
        self.to = to
        var tried: Set<String> = [from, to.text]
        self.fallback = fallback.filter { tried.insert($0.text).inserted }
    }

    /// The step that a plan has of it.
    var step: PlanStep { .resize(from: from, to: to, fallback: fallback) }
}

extension Session {
    /// The change that a script asks for; nil where there is nothing to do.
    ///
    /// After a fallback the plan goes on from the type that was wanted. It was confirmed with the fallback
    /// named, so that a change from the one is the planned change from the other.
    func asked(_ type: InstanceType, orElse fallback: [InstanceType]) -> TypeChange? {
        let present = facts.instance.type
        let planned = TypeChange(from: standsFor ?? present, to: type, orElse: fallback)
        if isPlanned(planned.step) { return planned }
        // Asked for once more, with the fallback that is there.
        let isAsked = standsFor == type.text && fallback.contains { $0.text == present }
        guard type.text != present, !isAsked else { return nil }
        return TypeChange(from: present, to: type, orElse: fallback)
    }

    /// Whether it is what comes next in the plan, a backup aside.
    private func isPlanned(_ step: PlanStep) -> Bool {
        let rest = plan.steps.dropFirst(cursor)
        if mayLeaveOut { return rest.contains(step) }
        return rest.first { if case .backup = $0 { false } else { true } } == step
    }
}
