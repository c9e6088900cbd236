/// A Lua table with names: its members in order, and the values at the positions 1...n if it has any.
public struct ScriptMap: Sendable, Equatable {
    /// The values at 1...n.
    public var positions: [ScriptValue]
    /// The members, in order; names are unique, byte for byte.
    public private(set) var members: [(name: String, value: ScriptValue)]

    /// A map of these members; of two with one name the later value wins at the earlier place.
    public init(_ members: [(String, ScriptValue)] = [], positions: [ScriptValue] = []) {
        self.positions = positions
        self.members = []
        self.members.reserveCapacity(members.count)
        // Looked up by its bytes: a search for each name would be quadratic, which a script could use.
        var places: [[UInt8]: Int] = [:]
        for (name, value) in members {
            let key = Array(name.utf8)
            if let place = places[key] {
                self.members[place].value = value
            } else {
                places[key] = self.members.count
                self.members.append((name, value))
            }
        }
    }

    /// A map of members that are known to have different names.
    init(unique members: [(name: String, value: ScriptValue)], positions: [ScriptValue]) {
        self.positions = positions
        self.members = members
    }

    /// The names, in order.
    public var keys: [String] { members.map(\.name) }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { members.isEmpty && positions.isEmpty }

    /// Reads a member; setting replaces in place, appends a new one, and removes for nil.
    public subscript(name: String) -> ScriptValue? {
        get { index(of: name).map { members[$0].value } }
        set {
            switch (index(of: name), newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
        }
    }

    // Names are compared as bytes: to Swift the Kelvin sign equals the letter K.
    private func index(of name: String) -> Int? {
        members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// Whether two maps hold the same, whatever the order of their members.
    public static func == (left: ScriptMap, right: ScriptMap) -> Bool {
        left.positions == right.positions && left.members.count == right.members.count
            && zip(left.sorted, right.sorted).allSatisfy {
                $0.name.utf8.elementsEqual($1.name.utf8) && $0.value == $1.value
            }
    }

    /// The members by the bytes of their names, as the worker sends them.
    private var sorted: [(name: String, value: ScriptValue)] {
        let isSorted = zip(members, members.dropFirst()).allSatisfy { Self.precedes($0, $1) }
        return isSorted ? members : members.sorted(by: Self.precedes)
    }

    private static func precedes(
        _ left: (name: String, value: ScriptValue),
        _ right: (name: String, value: ScriptValue)
    ) -> Bool { left.name.utf8.lexicographicallyPrecedes(right.name.utf8) }
}
