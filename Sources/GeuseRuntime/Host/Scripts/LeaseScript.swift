extension HostScript {
    /// Takes the lease, or gives it back.
    static let lease = #"""
        begin
        end_lease
        finish done
        """#
}
