extension HostScript {
    /// Stops containers that something else has started before the mount was proven.
    static let unproven = #"""
        is_network() {
            for word in $G_TYPES; do
                if [ "$(decode "$word")" = "$1" ]; then return 0; fi
            done
            return 1
        }
        # What a container has at the places of the mount's data: mount, disk, or nothing that is known.
        stands_on() {
            dk inspect --type container --format "$bind_format" "$1" 2>/dev/null >"$work/bound"
            stands=nothing
            while IFS='	' read -r pid service path inside; do
                device=$(GEUSE_PATH=$path awk -F '\t' '
                    $1 == ENVIRON["GEUSE_PATH"] && $3 == "bind" { print $4; exit }' "$work/volumes" 2>/dev/null)
                path=${device:-$path}
                case $path in
                    "$mount" | "$mount"/*) ;;
                    *) grep -qxF -- "$path" "$work/aliases" 2>/dev/null || continue ;;
                esac
                cat "$root/proc/${pid:-0}/mountinfo" >"$work/inside" 2>/dev/null || continue
                kind=$(visible_mount "$work/inside" "$inside" | cut -d ' ' -f 1)
                [ -n "$kind" ] || continue
                if is_network "$kind"; then echo mount; return; fi
                stands=disk
            done <"$work/bound"
            echo "$stands"
        }
        # A unit or a line of cron may have started services at the boot, on the bare mount point: they were
        # never proven, keep the root disk for good, and are in the way of the mount. They are stopped where
        # this run had stopped everything, or undoes. One that has the mount is left alone.
        stop_unproven() {
            case $stopped:$change in yes:* | *:restore) ;; *) return 1 ;; esac
            : >"$work/unproven"
            for id in $(project_ids); do
                [ "$id" != unknown ] || return 1
                # What somebody runs once is not the run's to stop.
                if grep -qi "^{\"id\":\"$id\",\"service\":\"[^\"]*\",\"oneoff\":\"true\"" "$work/containers"; then
                    continue
                fi
                case $stopped:$(stands_on "$id") in
                    *:disk | yes:nothing) echo "$id" >>"$work/unproven" ;;
                esac
            done
            [ -s "$work/unproven" ] || return 1
            # shellcheck disable=SC2046 # ids are hexadecimal words
            (limit=$((grace + 30)); dk stop -t "$grace" $(cat "$work/unproven") >/dev/null 2>"$work/err") ||
                return 1
            while read -r id; do
                name=$(sed -n "s/^{\"id\":\"$id\",\"service\":\"\([^\"]*\)\".*/\1/p" "$work/containers")
                put unproven "${name:-$id}"
            done <"$work/unproven"
            # docker may list a container as running for a moment after its stop was reported.
            ticks=0
            while [ "$ticks" -lt 50 ] && project_ids | grep -qxF -f "$work/unproven"; do
                sleep 0.2
                ticks=$((ticks + 1))
            done
        }
        """#
}
