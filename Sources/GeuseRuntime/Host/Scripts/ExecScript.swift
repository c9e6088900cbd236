extension HostScript {
    /// Runs one command, its words as its argument vector.
    static let exec = #"""
        value "$G_PROJECT"; project=$decoded
        value "$G_SERVICE"; service=$decoded
        value "$G_LIMIT"; seconds=$decoded
        begin

        set --
        for word in $G_WORDS; do
            value "${word#*:}"
            set -- "$@" "$decoded"
        done
        if [ -n "$service" ]; then
            id=$(dk ps -q --no-trunc --filter "label=com.docker.compose.project=$project" \
                --filter "label=com.docker.compose.service=$service" \
                --filter label=com.docker.compose.oneoff=False 2>"$work/err" | head -n 1)
            [ -n "$id" ] || fail exec_service_down "$service $(cat "$work/err")"
            set -- docker exec -e "GEUSEMAKER_STEP=$step" "$id" "$@"
        fi

        # What ran too long is ended inside a container too, where ending `docker exec` reaches nothing:
        # every process of the command has the step's name in its environment.
        end_rest() {
            for place in /proc/[0-9]*; do
                if tr '\000' '\n' <"$place/environ" 2>/dev/null | grep -qxF "GEUSEMAKER_STEP=$step"; then
                    kill -9 "${place#/proc/}" 2>/dev/null
                fi
            done
        }

        # The first 64 KiB of what it writes are kept; the rest is taken from it and forgotten. What it
        # leaves running may keep the pipe open, and is not waited for. dd writes each read at once; head
        # would keep the last ones to itself until the pipe is closed.
        mkfifo "$work/pipe" || fail host_marker "$work"
        {
            dd bs=4096 count=65536 iflag=count_bytes >"$work/out"
            wc -c >"$work/rest"
            : >"$work/read"
        } <"$work/pipe" >/dev/null 2>&1 9>&- &
        reading=$!
        began=$(date +%s)
        (
            # The command has the usual signals.
            trap - HUP PIPE
            GEUSEMAKER_STEP=$step
            export GEUSEMAKER_STEP
            cd / && exec timeout -k 5 "$seconds" "$@"
        ) </dev/null >"$work/pipe" 2>&1 9>&-
        code=$?
        late=no
        case $code in 124 | 137) [ $(($(date +%s) - began)) -lt "$seconds" ] || late=yes ;; esac
        if [ "$late" = yes ]; then end_rest; fi
        ticks=0
        until [ -e "$work/read" ] || [ "$ticks" -ge 20 ]; do
            sleep 0.1
            ticks=$((ticks + 1))
        done
        kill "$reading" 2>/dev/null
        (
            exec 9>&-
            tr -d '\000' <"$work/out" | mask_text "${id-}" 65536
        ) >"$work/said"
        if [ "$late" = yes ]; then
            fail exec_timed_out "after $seconds s: $(tail -c 3000 "$work/said")"
        fi
        raw code "$code"
        put output "$(tail -c 12000 "$work/said")"
        rest=$(cat "$work/rest" 2>/dev/null)
        if [ "$(wc -c <"$work/said")" -gt 12000 ] || [ "${rest:-0}" -gt 0 ]; then raw cut yes; else raw cut no; fi
        end_lease
        finish done
        """#
}
