extension HostScript {
    /// Pulls images.
    static let pull = #"""
        value "$G_LIMIT"; limit=$decoded
        begin
        raw machine "$(uname -m | tr -cd 'A-Za-z0-9._-')"
        for word in $G_IMAGES; do
            image=$(decode "$word")
            if ! dk pull -q -- "$image" >"$work/out" 2>"$work/err"; then
                raw refused "$word"
                fail image_pull_failed "$(tail -n 5 "$work/err")"
            fi
            shown=$(dk image inspect --format "$image_format" -- "$image" 2>"$work/err") ||
                fail image_pull_failed "$(tail -n 5 "$work/err")"
            raw pulled "$word $shown"
        done
        end_lease
        finish done
        """#
}
