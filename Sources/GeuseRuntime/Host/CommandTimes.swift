/// What the commands of one transport have taken so far, to look for the end of the next one in time.
///
/// No command ends before the agent has picked it up and its script has run, and the service tells
/// how long the script alone took. What remains is the way there and back, much the same for all.
struct CommandTimes {
    /// How one command went, in seconds since it was sent.
    struct Course {
        /// The last look at which it had not ended; 0 when there was none.
        var unfinished: Double
        /// The look at which it had.
        var seen: Double
        /// How long the script itself ran; nil when the service does not say.
        var script: Double?
    }

    /// Looks are at most so far apart, one over the other, unless some of them failed.
    private static let widestGap = 5.0
    /// One slow command must not keep a quick one waiting for longer.
    private static let longest = 15.0

    /// The least that a command takes besides its script, as far as it is proven.
    private(set) var way = 0.0
    /// The shortest time that a command has taken; nil before the first one.
    private(set) var shortest: Double?

    /// Takes a finished command into account.
    mutating func add(_ course: Course) {
        // Only what was looked at in vain is proven: a late look, as after an outage, proves nothing.
        let proven = max(0, course.unfinished - (course.script ?? course.unfinished))
        way = shortest == nil ? proven : min(way, proven)
        let total =
            course.unfinished > 0
            ? min(course.seen, Self.widestGap * course.unfinished) : course.seen
        shortest = min(shortest ?? total, total)
    }

    /// When to look for the end of the next command.
    ///
    /// - Parameters:
    ///   - usual: seconds a command usually takes; goes for the first one.
    ///   - timeout: the limit of this one.
    /// - Returns: the time it is expected at, and the looks before.
    func looks(usual: Double, timeout: Double) -> (expected: Double, early: [Double]) {
        // Where nothing delays it, a look at the host takes a third of a second, on a slow one twice that.
        guard var shortest else { return (min(usual, timeout), [0.3, 0.5, 0.8]) }
        shortest = min(shortest, Self.longest)
        // The look at what is due falls on the shortest time itself.
        // One look before: no command was ever that quick, and each look is a request.
        let early = min(max(way, 0.4 * shortest), shortest)
        return (min(max(shortest, 0.1) / PollSchedule.due, timeout), [early])
    }
}
