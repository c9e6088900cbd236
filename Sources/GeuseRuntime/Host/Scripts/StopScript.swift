extension HostScript {
    /// Stops every service of the project.
    static let stopServices = #"""
        value "$G_PROJECT"; project=$decoded
        value "$G_FILE"; file=$decoded
        value "$G_DIRECTORY"; directory=$decoded
        value "$G_LIMIT"; limit=$decoded
        value "$G_GRACE"; grace=$decoded
        value "$G_MOUNT"; mount=$decoded
        environment=$G_ENVIRONMENT
        begin

        running() {
            # A docker that hangs is not waited for as long as services that end.
            (limit=30; dk ps -q --no-trunc --filter "label=com.docker.compose.project=$project" 2>"$work/err")
        }

        find_compose
        running >"$work/ran" || { await_docker && running >"$work/ran"; } ||
            fail docker_unavailable "$(cat "$work/err")"
        find_profiles
        remember_profiles
        if [ -n "$mount" ]; then
            # What it has to look for is asked while nobody waits for a service.
            dc "$file" config >"$work/config" 2>/dev/null || : >"$work/config"
            dk ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" >"$work/ids" 2>/dev/null
        fi
        if ! dc "$file" stop -t "$grace" >"$work/out" 2>&1; then
            # A file that compose can't read must not keep its containers alive.
            ids=$(running | tr '\n' ' ')
            # shellcheck disable=SC2086
            if [ -n "$ids" ]; then dk stop -t "$grace" $ids >>"$work/out" 2>&1; fi
        fi
        # docker may list a container as running for a moment after its stop was reported.
        ticks=0
        while :; do
            left=$(running) || fail docker_unavailable "$(cat "$work/err")"
            [ -n "$left" ] || break
            [ "$ticks" -lt 50 ] || fail services_still_running "$(last_lines 10 "$work/out")"
            sleep 0.2
            ticks=$((ticks + 1))
        done
        hold_policies
        # 128 and SIGKILL: it had not ended when its time was over.
        awk 'FILENAME == ARGV[1] { ran[$1] = 1; next } ($1 in ran) && $4 == 137 { print $5 }' "$work/ran" \
            "$work/policies" | while IFS= read -r name; do put killed "$name"; done
        if [ -n "$mount" ]; then record_data; fi
        end_lease
        finish done
        """#
}
