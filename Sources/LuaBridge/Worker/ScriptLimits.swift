/// What a script may use.
public struct ScriptLimits: Sendable, Equatable {
    /// Seconds of its own; the time inside calls to the core does not count.
    public var ownTime: Double
    /// Bytes that it may allocate.
    public var memory: Int
    /// How often it may call the core, each `require` of a file included: what a call does takes time
    /// that is not the script's own.
    public var calls = 10_000
    /// Bytes that it may send to the core, which has to read and judge them all.
    public var sent = 64 << 20

    /// The allocation to refuse, counted from 1, and how many from there on; for tests.
    var refusedAllocation = 0
    var refusedAllocations = 0

    /// Limits; 10 s and 64 MiB unless told otherwise.
    public init(ownTime: Double = 10, memory: Int = 64 * 1024 * 1024) {
        self.ownTime = ownTime
        self.memory = memory
    }
}
