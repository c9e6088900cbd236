/// A variable that a block, a loop or a function brings in.
final class LuaLocal {
    let name: String
    /// What it begins with, where that is written down.
    let value: LuaExpression?
    /// Whether it is given another value later, so that `value` tells nothing.
    var isReassigned = false
    fileprivate let depth: Int

    init(_ name: String, value: LuaExpression? = nil) {
        self.name = name
        self.value = value?.bounded
        depth = (self.value?.depth ?? 0) + 1
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

    /// How many expressions may be inside each other: each is walked, and freed, from the outermost one on, and a
    /// source can have them nested without end, as `x.x.x` or from variable to variable.
    static let mostDepth = 64

    /// How many are.
    fileprivate var depth: Int {
        var steps = 0
        var rest = self
        while true {
            switch rest {
            case .member(let base, _), .element(let base):
                steps += 1
                rest = base
            case .local(let local): return steps + local.depth
            case .table(let table): return steps + table.depth
            case .call(let call): return steps + call.depth
            case .constant, .function, .varargs, .global, .other: return steps
            }
        }
    }

    /// The expression; one that is nested too deeply is one of which nothing is known.
    var bounded: LuaExpression {
        guard depth > Self.mostDepth else { return self }
        guard case .call(let call) = self else { return .other }
        // It still may stand for several values.
        return .call(LuaCall(function: .other, method: nil, arguments: [], line: call.line))
    }

    /// A member of it; of what is not known no more is known.
    func member(_ name: String) -> LuaExpression {
        if case .other = self { .other } else { LuaExpression.member(self, name).normal.bounded }
    }

    /// An element under a key that is only known at run time.
    var element: LuaExpression {
        if case .other = self { .other } else { LuaExpression.element(self).bounded }
    }

    /// Whether it is the table of the globals.
    var isEnvironment: Bool {
        switch self {
        case .global("_G"), .global("_ENV"): true
        default: false
        }
    }

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

    fileprivate var depth: Int = 1

    /// Adds up how deeply its parts are nested, once it has them all.
    mutating func close() {
        depth = 1 + (positions + members.map(\.value)).reduce(0) { max($0, $1.depth) }
    }
}

/// A call as it is written.
struct LuaCall {
    let function: LuaExpression
    /// Set for `object:method(...)`; `function` is the object then.
    let method: String?
    let arguments: [LuaExpression]
    let line: Int
    fileprivate let depth: Int

    init(function: LuaExpression, method: String?, arguments: [LuaExpression], line: Int) {
        self.function = function
        self.method = method
        self.arguments = arguments
        self.line = line
        depth = 1 + arguments.reduce(function.depth) { max($0, $1.depth) }
    }
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
