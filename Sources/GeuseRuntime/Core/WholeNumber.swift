extension Int {
    /// The number without its fraction, as far as there is such an integer.
    ///
    /// What comes from a reply, a host or a file can be any number, and `Int(_:)` ends the program for
    /// one that does not fit.
    ///
    /// - Parameter value: the number; one that is too large or too small becomes the nearest integer, and
    ///   what is no number becomes 0.
    init(saturating value: Double) {
        guard !value.isNaN else {
            self = 0
            return
        }
        self = Int(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }

    /// The sum, or the nearest number to it that there is.
    func adding(saturating other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
