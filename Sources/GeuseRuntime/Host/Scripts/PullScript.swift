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
            # What a tag does not tell, the image's own environment does.
            dk image inspect --format '{{range .Config.Env}}{{println .}}{{end}}' -- "$image" >"$work/env" 2>/dev/null
            major=$(sed -n 's/^PG_MAJOR=\([0-9.]*\)$/\1/p' "$work/env")
            if grep -qx BITNAMI_APP_NAME=postgresql "$work/env"; then
                major=$(sed -n 's/^APP_VERSION=\([0-9]*\)[.].*$/\1/p' "$work/env")
            fi
            if [ -n "$major" ]; then raw major "$word $major"; fi
            told=$(sed -n 's/^N8N_VERSION=\([0-9].*\)$/\1/p' "$work/env")
            [ -n "$told" ] || told=$(dk image inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' -- \
                "$image" 2>/dev/null)
            case $told in
                '' | '<no value>') ;;
                *) raw version "$word $(printf %s "$told" | encode)" ;;
            esac
        done
        end_lease
        finish done
        """#
}
