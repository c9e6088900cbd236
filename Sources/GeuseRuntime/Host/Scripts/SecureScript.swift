extension HostScript {
    /// Saves the compose file twice and writes the nonce.
    static let secure = #"""
        value "$G_MOUNT"; mount=$decoded
        value "$G_NONCE"; nonce=$decoded
        value "$G_FILE"; file=$decoded
        value "$G_RUN"; run=$decoded
        value "$G_SHA256"; expected=$decoded
        value "$G_PROJECT"; project=$decoded
        begin
        # The name carries the content's checksum: a second backup of the run never replaces the first.
        copy_name=docker-compose.$(printf %s "$expected" | head -c 16).yml
        saved=$lib/backups/$run/$copy_name

        # Copies the compose file, makes sure that it reached the disk, and reads it back. Its owner is not
        # copied: an access point of EFS that enforces an identity allows nobody to change one.
        save() {
            mkdir -p "${1%/*}" && rm -f "$1.new" && cat "$file" >"$1.new" && chmod 600 "$1.new" && sync "$1.new" &&
                mv -f "$1.new" "$1" && sync "${1%/*}" || return 1
            check=$(sha256sum <"$1")
            [ "${check%% *}" = "$expected" ]
        }

        # The images that run get a tag of their own, so that a prune between the change and its undo does
        # not take them. Those of the newest backups stay; an older tag goes, and its image with it unless
        # something else names it.
        keep_images() {
            kept=geusemaker.local/kept
            : >"$work/keep"
            for word in $G_KEEP; do decode "$word" >>"$work/keep"; echo >>"$work/keep"; done
            # A run may make several backups: what ran before it stays, too.
            cat "$work/keep" >>"$lib/backups/$run/images" || return 0
            while IFS= read -r id; do
                hash=${id#sha256:}
                dk tag "$id" "$kept:$(printf %s "$hash" | head -c 32)" >/dev/null 2>&1
            done <"$work/keep"
            # shellcheck disable=SC2012 # the names are run ids
            ls -1t "$lib/backups" 2>/dev/null | head -n 6 | while IFS= read -r name; do
                cat "$lib/backups/$name/images" 2>/dev/null
            done >"$work/wanted"
            dk image ls --format '{{.Tag}}' "$kept" 2>/dev/null | while IFS= read -r tag; do
                grep -q "^sha256:$tag" "$work/wanted" || dk image rm "$kept:$tag" >/dev/null 2>&1
            done
            return 0
        }

        # What killed scripts left behind, and the markers of steps that nobody can ask for any more: SSM
        # delivers a command within 48 hours at most (TimeoutSeconds of SendCommand), or never.
        sweep() {
            find "$root/run" -maxdepth 1 -type d -name 'geusemaker.??????' -mmin +2880 \
                -exec rm -rf {} + 2>/dev/null
            find "$lib/runs" -type f -mtime +30 -exec rm -f {} + 2>/dev/null
        }

        check=$(sha256sum <"$file") 2>"$work/err" || fail compose_file_missing "$file"
        [ "${check%% *}" = "$expected" ] || fail compose_changed "$file"
        save "$saved" 2>"$work/err" || fail host_backup_failed "$(cat "$work/err")"

        # The nonce and a second copy go on the mount, if it is one, within a time limit.
        wanted=$nonce
        nonce=
        : >"$work/none"
        look "$work/none"
        [ "$mounted" = yes ] || fail efs_not_mounted "$mount"
        [ "$writable" = yes ] || fail efs_read_only "$mount"
        [ "$answer" != hung ] || fail efs_hung "$mount"
        ! is_stale || fail efs_stale "$mount"
        ! is_denied || fail efs_denied "$(head -c 300 "$work/probe.err")"
        [ "$answer" = answered ] || fail efs_failed "$(head -c 300 "$work/probe.err")"
        {
            {
                save "$mount/.geusemaker/backups/$run/$copy_name" &&
                    echo "$wanted" >"$mount/.geusemaker/nonce.new" &&
                    sync "$mount/.geusemaker/nonce.new" &&
                    mv -f "$mount/.geusemaker/nonce.new" "$mount/.geusemaker/nonce" &&
                    sync "$mount/.geusemaker"
            } 2>"$work/err"
            echo $? >"$work/written"
        } </dev/null >/dev/null 2>&1 9>&- &
        writing=$!
        ticks=0
        until [ -s "$work/written" ]; do
            if [ "$ticks" -ge 300 ]; then
                kill -9 "$writing" 2>/dev/null
                fail efs_hung "$mount"
            fi
            sleep 0.1
            ticks=$((ticks + 1))
        done
        [ "$(cat "$work/written")" = 0 ] || fail efs_failed "$(cat "$work/err")"
        nonce=$wanted
        look "$work/none"
        [ "$nonce_found" = yes ] || fail efs_nonce_missing "$mount"
        check=$(sha256sum <"$saved")
        put backup "$saved"
        raw sha256 "${check%% *}"
        if [ -n "$G_DUMPS" ]; then take_dumps; fi
        keep_images
        sweep
        end_lease
        finish done
        """#
}
