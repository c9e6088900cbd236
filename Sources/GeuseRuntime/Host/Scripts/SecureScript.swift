extension HostScript {
    /// Saves the compose file twice and writes the nonce.
    static let secure = #"""
        value "$G_MOUNT"; mount=$decoded
        value "$G_NONCE"; nonce=$decoded
        value "$G_FILE"; file=$decoded
        value "$G_RUN"; run=$decoded
        value "$G_SHA256"; expected=$decoded
        begin
        saved=$lib/backups/$run/docker-compose.yml

        # Copies the compose file, makes sure that it reached the disk, and reads it back.
        save() {
            mkdir -p "${1%/*}" && cp -p "$file" "$1.new" && chmod 600 "$1.new" && sync "$1.new" &&
                mv -f "$1.new" "$1" && sync "${1%/*}" || return 1
            check=$(sha256sum <"$1")
            [ "${check%% *}" = "$expected" ]
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
        [ "$answer" = answered ] || fail efs_failed "$(head -c 300 "$work/probe.err")"
        {
            {
                save "$mount/.geusemaker/backups/$run/docker-compose.yml" &&
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
        finish done
        """#
}
