import Glibc

/// The members of a JSON object in the order in which they were written.
///
/// Names are compared byte for byte: two spellings of one Unicode text are two names, as they are
/// for every other JSON reader.
public struct JSONObject: Sendable, Equatable {
    /// The members, in order; names are unique.
    public private(set) var members: [(name: String, value: JSONValue)]

    /// An object of these members; of two with one name the later value wins at the earlier place.
    public init(_ members: [(String, JSONValue)] = []) {
        var builder = Builder(capacity: members.count)
        for (name, value) in members { builder.set(name, value) }
        self = builder.object
    }

    /// An object from members that are already known to have different names.
    init(unique members: [(name: String, value: JSONValue)]) { self.members = members }

    /// The names, in order.
    public var keys: [String] { members.map(\.name) }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// Reads a member; setting replaces in place, appends a new one, and removes for nil.
    public subscript(name: String) -> JSONValue? {
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

    /// Sets a member, a new one at the place that an order of names gives it.
    ///
    /// It goes behind the last present member that the order names earlier, else to the front.
    public mutating func set(_ name: String, _ value: JSONValue, order: [String]) {
        guard index(of: name) == nil, let rank = order.firstIndex(of: name) else {
            self[name] = value
            return
        }
        let earlier = order[..<rank].compactMap(index(of:)).max()
        members.insert((name, value), at: earlier.map { $0 + 1 } ?? 0)
    }

    private func index(of name: String) -> Int? {
        members.firstIndex { Self.areSame($0.name, name) }
    }

    /// Compares as memory, which is fast without an optimizer too: tests parse whole clouds.
    private static func areSame(_ left: String, _ right: String) -> Bool {
        // Two texts that Unicode tells apart, as nearly all are, differ in their bytes too.
        guard left.utf8.count == right.utf8.count, left == right else { return false }
        var left = left
        var right = right
        return left.withUTF8 { left in
            right.withUTF8 { right in
                guard let one = left.baseAddress, let other = right.baseAddress else {
                    return true
                }
                return memcmp(one, other, left.count) == 0
            }
        }
    }

    /// Whether two objects have the same members in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count
            && zip(left.members, right.members).allSatisfy {
                areSame($0.name, $1.name) && $0.value == $1.value
            }
    }

    /// Collects members of which names may repeat, in linear time.
    struct Builder {
        private var members: [(name: String, value: JSONValue)] = []
        private var places: [Name: Int] = [:]

        init(capacity: Int = 0) { members.reserveCapacity(capacity) }

        /// Up to this many members a look through all of them is cheaper than hashing.
        private static let few = 12

        private struct Name: Hashable {
            let text: String
            func hash(into hasher: inout Hasher) {
                var text = text
                text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            }
            static func == (left: Name, right: Name) -> Bool {
                areSame(left.text, right.text)
            }
        }

        /// Adds a member or gives the earlier one of that name the new value.
        mutating func set(_ name: String, _ value: JSONValue) {
            if let place = place(of: name) {
                members[place].value = value
                return
            }
            members.append((name, value))
            if members.count > Self.few {
                if places.isEmpty {
                    for (place, member) in members.enumerated() {
                        places[Name(text: member.name)] = place
                    }
                } else {
                    places[Name(text: name)] = members.count - 1
                }
            }
        }

        private func place(of name: String) -> Int? {
            guard members.count <= Self.few else { return places[Name(text: name)] }
            for place in members.indices where areSame(members[place].name, name) {
                return place
            }
            return nil
        }

        /// What was collected.
        var object: JSONObject { JSONObject(unique: members) }
    }
}
