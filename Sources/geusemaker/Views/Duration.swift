/// Seconds in the form that a person reads: `0.4 s`, `12 s`, `2 min 5 s`.
func durationText(_ seconds: Double) -> String {
    if seconds < 9.95 { return "\((seconds * 10).rounded() / 10) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s"
}
