/// The members of a JSON object in the order in which they were written.
public struct JSONObject: Sendable, Equatable {
    /// The members, in order; names are unique.
    public private(set) var members: [(name: String, value: JSONValue)]

    /// An object of these members; of two with one name the later value wins at the earlier place.
    public init(_ members: [(String, JSONValue)] = []) {
        self.members = []
        self.members.reserveCapacity(members.count)
        for (name, value) in members { self[name] = value }
    }

    /// An object from members that are already known to have different names.
    init(unique members: [(name: String, value: JSONValue)]) { self.members = members }

    /// The names, in order.
    public var keys: [String] { members.map(\.name) }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// Reads a member; setting replaces in place, appends a new one, and removes for nil.
    public subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// Whether two objects have the same members in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count
            && zip(left.members, right.members).allSatisfy {
                $0.name == $1.name && $0.value == $1.value
            }
    }
}
