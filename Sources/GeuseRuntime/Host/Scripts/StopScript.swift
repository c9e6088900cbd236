extension HostScript {
    /// Stops every service of the project.
    static let stopServices = #"""
        value "$G_PROJECT"; project=$decoded
        value "$G_FILE"; file=$decoded
        value "$G_DIRECTORY"; directory=$decoded
        value "$G_LIMIT"; limit=$decoded
        environment=$G_ENVIRONMENT
        begin

        running() {
            dk ps -q --no-trunc --filter "label=com.docker.compose.project=$project" 2>"$work/err"
        }

        find_compose
        if ! dc "$file" stop -t 30 >"$work/out" 2>&1; then
            # A file that compose can't read must not keep its containers alive.
            ids=$(running | tr '\n' ' ')
            # shellcheck disable=SC2086
            if [ -n "$ids" ]; then dk stop -t 30 $ids >>"$work/out" 2>&1; fi
        fi
        # docker may list a container as running for a moment after its stop was reported.
        ticks=0
        while :; do
            left=$(running) || fail docker_unavailable "$(cat "$work/err")"
            [ -n "$left" ] || break
            [ "$ticks" -lt 50 ] || fail services_still_running "$(mask <"$work/out" | tail -n 10)"
            sleep 0.2
            ticks=$((ticks + 1))
        done
        end_lease
        finish done
        """#
}
