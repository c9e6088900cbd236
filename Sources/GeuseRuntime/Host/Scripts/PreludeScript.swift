extension HostScript {
    /// Looks, with nothing but the shell, for the programs without which a script could not do what it says,
    /// or not tell it.
    ///
    /// Only what changes something takes the lock; a host without `flock` is refused before that all the same.
    static let tools = #"""
        PATH="${PATH:-/usr/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"
        export PATH
        # What is missing may be what a result line is made with: this one does without, and the name of the
        # step stays in base64.
        for tool in awk base64 cat chmod cmp cp cut date df find flock grep gzip head ls mkdir mktemp mv \
            readlink rm sed sha256sum sleep sort stat sync tail tee timeout touch tr uname wc
        do
            type "$tool" >/dev/null 2>&1 && continue
            printf '{"geuse":1,"of":"%s","missing":"%s"}\n' "$G_STEP" "$tool"
            exit 0
        done
        """#

    /// What every script shares: values, the payload, the result line, the lock and the marker.
    static let prelude = #"""
        # What every script shares. All of it stands inside one function that the last line of the script
        # calls, so that a text cut on its way to the host does nothing.
        set -u
        umask 077
        LC_ALL=C
        # The agent has no HOME; compose resolves ${HOME} in a file as in root's own shell.
        HOME=${HOME:-/root}
        export LC_ALL HOME
        # A lost connection must not stop the script half-way: it ends, and its marker tells how.
        trap '' HUP PIPE

        decode() { printf %s "$1" | base64 -d; }
        encode() { base64 | tr -d '\n'; }
        # A value with whatever newlines it ends in.
        value() {
            decoded=$(decode "$1"; printf .)
            decoded=${decoded%.}
        }

        value "$G_ROOT"; root=$decoded
        value "$G_STEP"; step=$decoded
        value "$G_PATIENCE"; patience=$decoded
        lib=$root/var/lib/geusemaker
        marker=
        beating=
        work=$(mktemp -d "$root/run/geusemaker.XXXXXX" 2>/dev/null) || work=$(mktemp -d) || exit 70
        trap 'rm -rf "$work"' EXIT
        : >"$work/payload"

        # One line of the payload: a key and a text in base64, or a key and a word that needs none.
        put() { printf '%s %s\n' "$1" "$(printf %s "$2" | encode)" >>"$work/payload"; }
        raw() { printf '%s %s\n' "$1" "$2" >>"$work/payload"; }

        # The result line: payload packed, with its length and checksum. How long it may be is up to the
        # transport: 24,000 characters is what GetCommandInvocation keeps of standard output.
        room=23500
        if [ -n "${G_ROOM-}" ]; then value "$G_ROOM"; room=$decoded; fi
        result() {
            { printf 'result %s %s\n' "$step" "$1"; cat "$work/payload"; } >"$work/full"
            length=$(wc -c <"$work/full")
            sum=$(sha256sum <"$work/full")
            printf '{"geuse":1,"step":"%s","outcome":"%s","length":%d,"sha256":"%s","payload":"%s"}\n' \
                "$step" "$1" "$length" "${sum%% *}" "$(gzip -n -c <"$work/full" | encode)" >"$work/line"
        }

        # Ends the script with an outcome; a changing step leaves it in its marker first.
        finish() {
            result "$1"
            if [ "$(wc -c <"$work/line")" -gt "$room" ]; then
                : >"$work/payload"
                raw size "$length"
                raw room "$room"
                result too_large
            fi
            if [ -n "$beating" ]; then kill "$beating" 2>/dev/null; fi
            if [ -n "$marker" ]; then
                { echo finished; cat "$work/line"; } >"$marker.$$" && sync "$marker.$$" &&
                    mv -f "$marker.$$" "$marker"
            fi
            cat "$work/line"
            exit 0
        }

        # Ends the script with an error: a code and the evidence.
        fail() {
            printf 'error %s %s\n' "$1" "$(printf %s "${2-}" | head -c 4000 | encode)" >>"$work/payload"
            finish failed
        }

        # Start time of a process in clock ticks; with the id it names a process for good (proc(5), 22).
        start_of() { sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

        # Gives the first result again, or says that the step runs or was cut short.
        replay() {
            [ -f "$marker" ] || return 0
            known=$marker
            marker=
            read -r word pid start <"$known" || word=
            if [ "$word" = finished ]; then
                sed -n 2p "$known"
                exit 0
            fi
            now=$(start_of "${pid:-none}")
            if [ -n "$now" ] && [ "$now" = "${start:-}" ]; then finish running; fi
            finish interrupted
        }

        # Takes the lock, or says that another step has it: that alone is status 1 of a flock that works, which
        # one shows on a file of its own. Not every flock can wait (that of busybox).
        take_lock() {
            : >"$work/free"
            flock -n 8 8>"$work/free" 2>"$work/err" || fail host_tool_missing flock
            ticks=0
            until flock -n 9 2>"$work/err"; do
                [ $? = 1 ] || fail host_tool_missing flock
                [ "$ticks" -lt "$((patience * 10))" ] || finish locked
                sleep 0.1
                ticks=$((ticks + 1))
            done
        }

        # Takes the lock and marks the step as started; the second time it ends here.
        begin() {
            mkdir -p "$lib/runs" 2>"$work/err" || fail host_marker "$(cat "$work/err")"
            marker=$lib/runs/$step
            replay
            keep=$marker
            marker=
            touch "$lib/lock" 2>"$work/err" || fail host_marker "$(cat "$work/err")"
            exec 9>>"$lib/lock"
            take_lock
            marker=$keep
            replay
            marker=
            take_lease
            printf 'started %s %s\n' "$$" "$(start_of $$)" >"$keep.$$" 2>"$work/err" &&
                sync "$keep.$$" 2>>"$work/err" && mv -f "$keep.$$" "$keep" 2>>"$work/err" ||
                fail host_marker "$(cat "$work/err")"
            marker=$keep
        }

        # The host's lease: fencing number, run and holder; `-` where nobody holds it.
        read_lease() {
            held_fence=0 held_run=- held_by=-
            [ -s "$lib/lease" ] || return 0
            read -r held_fence held_run held_by <"$lib/lease"
            case $held_fence in '' | *[!0-9]*) fail host_lease_damaged "$lib/lease" ;; esac
        }

        # Tells who holds the lease, and when the file was last touched.
        leased() {
            read_lease
            raw lease "$held_fence $held_run $held_by $(stat -c %Y "$lib/lease" 2>/dev/null || echo 0)"
        }

        # Takes or renews the lease of this step's run. A step with an older number came too late.
        take_lease() {
            value "$G_FENCE"; fence=$decoded
            value "$G_LEASE_RUN"; lease_run=$decoded
            value "$G_REPLACES"; replaces=$decoded
            read_lease
            if [ "$fence" -lt "$held_fence" ]; then finish fenced; fi
            case $held_run in
                "$lease_run") ;;
                - | "$replaces") [ "$fence" -gt "$held_fence" ] || finish fenced ;;
                *) leased; finish leased ;;
            esac
            write_lease "$lease_run" "$G_HOLDER"
            # A long step shows that it lives.
            beat $$ </dev/null >/dev/null 2>&1 9>&- &
            beating=$!
        }
        beat() {
            while sleep 5 && kill -0 "$1"; do touch -c "$lib/lease"; done
        }
        write_lease() {
            printf '%s %s %s\n' "$fence" "$1" "$2" >"$lib/lease.new" 2>"$work/err" &&
                sync "$lib/lease.new" 2>>"$work/err" && mv -f "$lib/lease.new" "$lib/lease" 2>>"$work/err" ||
                fail host_marker "$(cat "$work/err")"
        }
        # Gives the lease back if this is the step to do so; the number stays.
        end_lease() {
            value "$G_ENDS"
            if [ "$decoded" = yes ]; then write_lease - -; fi
        }

        # docker with a time limit, without the lock and without the script's own standard input.
        limit=120
        dk() { timeout -k 5 "$limit" docker "$@" </dev/null 9>&-; }
        """#
}
