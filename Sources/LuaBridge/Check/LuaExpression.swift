/// A variable that a block, a loop or a function brings in.
final class LuaLocal {
    let name: String
    /// What it begins with, where that is written down.
    let value: LuaExpression?
    /// Whether it is given another value later, so that `value` tells nothing.
    var isReassigned = false

    init(_ name: String, value: LuaExpression? = nil) {
        self.name = name
        self.value = value
    }
}

/// What is known of an expression without running it.
indirect enum LuaExpression {
    /// A literal.
    case constant(ScriptValue)
    /// A function written here.
    case function
    /// `...`
    case varargs
    case global(String)
    case local(LuaLocal)
    /// `base.name` or `base["name"]`.
    case member(LuaExpression, String)
    /// `base[key]` with a key that is only known at run time.
    case element(LuaExpression)
    case table(LuaTable)
    case call(LuaCall)
    /// Anything else.
    case other

    /// Whether it may stand for several values when it is the last one of a list.
    var isOpen: Bool {
        switch self {
        case .call, .varargs: true
        default: false
        }
    }
}

/// A table constructor.
struct LuaTable {
    var positions: [LuaExpression] = []
    var members: [(name: String, value: LuaExpression)] = []
    /// Whether there are keys that are only known at run time.
    var hasComputedKeys = false
}

/// A call as it is written.
struct LuaCall {
    let function: LuaExpression
    /// Set for `object:method(...)`; `function` is the object then.
    let method: String?
    let arguments: [LuaExpression]
    let line: Int
}

/// What a source does with a name, in the order of the source.
struct LuaUse {
    /// How it uses it.
    enum Kind {
        case read
        case write
        case call(LuaCall)
    }

    let kind: Kind
    let target: LuaExpression
    let line: Int
}
