extension HostScript {
    /// The parts of a rotation of a database password.
    ///
    /// What it keeps lies in one directory a run, for root
    /// alone: old and new password, the environment files as they were and as they are to be.
    static let rotation = #"""
        value "$G_MODE"; mode=$decoded
        value "$G_RUN"; run=$decoded
        value "$G_SERVICE"; service=$decoded
        value "$G_DATABASE"; database=$decoded
        value "$G_VARIABLES"; variables=$decoded
        value "$G_LIMIT"; wait_limit=$decoded
        begin
        vault=$lib/rotations/$run
        server='' address='' role='' base=''
        find_compose
        find_profiles

        # Ends the step with how things stand.
        stands() {
            raw standing "$1"
            if [ -n "$role" ]; then put role "$role"; fi
            end_lease
            finish done
        }
        why() { first_lines 5 "$work/err"; }

        prove_mount() {
            dc "$file" config >"$work/config" 2>/dev/null || : >"$work/config"
            dk ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" >"$work/ids" 2>/dev/null
            bound_paths >"$work/sorted"
            look "$work/sorted"
            objected=$(objection)
            [ -z "$objected" ] || fail "$objected" "$mount"
        }
        up_alone() {
            limit=300
            find_never
            # shellcheck disable=SC2086 # two words or none
            dc "$file" up -d --no-build $never --no-deps "$1" >"$work/out" 2>&1
        }
        find_server() {
            server=$(container_of "$database")
            [ -n "$server" ] || return 1
            address=$(addresses_of "$server" | head -n 1)
            [ -n "$address" ]
        }
        is_plain() { case $1 in '' | *[!A-Za-z0-9_.-]*) return 1 ;; esac; }

        # What compose makes of the service's password now, compared with a file's.
        takes() {
            dc "$file" config >"$work/config" 2>"$work/err" || return 1
            GEUSE_VALUE=$1 GEUSE_SERVICE=$service awk '
                BEGIN { getline wanted < ENVIRON["GEUSE_VALUE"] }
                /^[^ ]/ { services = /^services:/; next }
                /^  [^ ]/ { s = substr($0, 3); sub(/:.*$/, "", s); gsub(/["\047]/, "", s)
                    inside = services && s == ENVIRON["GEUSE_SERVICE"] }
                inside && /^      DB_POSTGRESDB_PASSWORD: / {
                    s = substr($0, 31); gsub(/^["\047]|["\047]$/, "", s); found = (s == wanted)
                }
                END { exit !found }' "$work/config"
        }

        # Everything that could refuse, before anything is touched.
        prepare() {
            client=$(container_of "$service")
            [ -n "$client" ] || fail credentials_service_down "$service"
            find_server || fail credentials_service_down "$database"
            environment_of "$client" >"$work/client"
            environment_of "$server" >"$work/server"
            [ "$(member "$work/client" DB_TYPE)" = postgresdb ] || fail credentials_no_database "$service"
            at=$(member "$work/client" DB_POSTGRESDB_HOST)
            named=$(dk inspect --type container --format '{{.Name}}' "$server" 2>/dev/null)
            case $at in "$database" | "${named#/}") ;; *) fail credentials_database_elsewhere "$at" ;; esac
            role=$(member "$work/client" DB_POSTGRESDB_USER)
            role=${role:-$(member "$work/server" POSTGRES_USER)}
            role=${role:-postgres}
            base=$(member "$work/client" DB_POSTGRESDB_DATABASE)
            base=${base:-$(member "$work/server" POSTGRES_DB)}
            base=${base:-$role}
            is_plain "$role" && is_plain "$base" || fail credentials_odd_name "$role $base"
            member "$work/client" DB_POSTGRESDB_PASSWORD >"$work/old"
            [ -s "$work/old" ] || fail credentials_not_found "$service"
            # From the system's randomness: 32 of 62 characters, 190 bits, none of which needs quoting.
            head -c 4096 /dev/urandom | tr -dc 'A-Za-z0-9' | head -c 32 >"$work/new"
            head -c 4096 /dev/urandom | tr -dc 'A-Za-z0-9' | head -c 32 >"$work/wrong"
            [ "$(wc -c <"$work/new")" = 32 ] || fail credentials_no_randomness ''

            number=0
            places=0
            : >"$work/list"
            for word in $G_FILES; do
                path=$(decode "$word")
                if [ -h "$path" ]; then fail credentials_file_is_symlink "$path"; fi
                [ -f "$path" ] || continue
                number=$((number + 1))
                cat "$path" >"$work/before.$number"
                edit_environment "$path" "$work/old" "$work/new" "$work/after.$number" "$work/count"
                count=$(cat "$work/count")
                [ "$count" -gt 0 ] || { number=$((number - 1)); continue; }
                # The edit undone has to give the very bytes that there were.
                edit_environment "$work/after.$number" "$work/new" "$work/old" "$work/again" "$work/count"
                cmp -s "$work/again" "$work/before.$number" && [ "$(cat "$work/count")" = "$count" ] ||
                    fail credentials_edit_failed "$path"
                places=$((places + count))
                printf '%s %s\n' "$number" "$word" >>"$work/list"
            done
            [ "$places" -gt 0 ] || fail credentials_not_found "$variables"

            logs_in "$work/old" || fail credentials_unproven "$(why)"
            if logs_in "$work/wrong"; then fail credentials_unchecked "$database"; fi
            try_probe
        }

        # The new password on a role of its own: the real one keeps its own until this has worked.
        try_probe() {
            probe=no
            if make_probe "$work/old"; then
                set_password "$probe_role" "$work/old" "$work/new"
                own=$role
                role=$probe_role
                if logs_in "$work/new" && ! logs_in "$work/wrong"; then probe=yes; fi
                role=$own
                drop_probe "$work/old"
                [ "$probe" = yes ] || fail credentials_refused_new "$(why)"
            fi
        }

        # Old and new, and the files, where they outlive a kill.
        keep() {
            mkdir -p "$vault.part" && chmod 700 "$lib/rotations" "$vault.part" &&
                cp "$work/old" "$work/new" "$work/list" "$vault.part/" &&
                cp "$work"/before.* "$work"/after.* "$vault.part/" &&
                printf '%s %s\n' "$role" "$base" >"$vault.part/names" &&
                sync "$vault.part"/* "$vault.part" && mv "$vault.part" "$vault" && sync "$lib/rotations"
        }

        # The environment files as they are to be ($1: after or before).
        place_files() {
            while read -r number word; do
                path=$(decode "$word")
                if cmp -s "$path" "$vault/$1.$number"; then continue; fi
                cmp -s "$path" "$vault/before.$number" || cmp -s "$path" "$vault/after.$number" ||
                    fail rotation_file_changed "$path"
                put_file "$path" "$vault/$1.$number" 2>"$work/err" || fail rotation_file_unwritten "$(why)"
            done <"$vault/list"
        }

        case $mode in
            rotate)
                if [ -f "$vault/ended" ]; then stands ended; fi
                rm -rf "$vault.part"
                if [ ! -d "$vault" ]; then
                    prove_mount
                    prepare
                    raw probe "$probe"
                    keep 2>"$work/err" || { rm -rf "$vault.part"; fail credentials_not_kept "$(why)"; }
                    place_files after
                    if ! takes "$vault/new"; then
                        place_files before
                        rm -rf "$vault"
                        fail credentials_not_effective "$(why)"
                    fi
                    # What compose would do to the role's clients is known; from here on it is done.
                else
                    read -r role base <"$vault/names"
                    find_server || fail rotation_database_down "$database"
                    prove_mount
                    place_files after
                    raw probe yes
                fi
                echo "SELECT date_trunc('second', now());" >"$work/statement"
                if ! logs_in "$vault/new"; then
                    ask "$vault/old" <"$work/statement" | tr -cd '0-9:. +-' >"$vault/since"
                    set_password "$role" "$vault/old" "$vault/new" || fail rotation_refused "$(why)"
                fi
                logs_in "$vault/new" || fail rotation_not_proven "$(why)"
                if logs_in "$vault/old"; then fail rotation_not_proven "$role"; fi
                up_alone "$service" || fail rotation_up_failed "$(last_lines 10 "$work/out")"
                stands rotated
                ;;
            confirm)
                [ -s "$vault/new" ] || fail rotation_lost "$vault"
                read -r role base <"$vault/names"
                find_server || fail rotation_database_down "$database"
                since=$(cat "$vault/since" 2>/dev/null)
                list=$(addresses_of "$(container_of "$service")" | sed "s/.*/'&'/" | paste -sd , -)
                [ -n "$list" ] || fail rotation_unused "$service"
                printf 'SELECT count(*) FROM pg_stat_activity WHERE usename = current_user
                    AND client_addr IN (%s) AND backend_start >= %s;\n' "$list" \
                    "timestamptz '${since:-1970-01-01 00:00:00+00}'" >"$work/statement"
                ticks=0
                while :; do
                    seen=$(ask "$vault/new" <"$work/statement")
                    if [ "${seen:-0}" -gt 0 ] 2>/dev/null; then break; fi
                    [ "$ticks" -lt "$wait_limit" ] || fail rotation_unused "$service"
                    sleep 1
                    ticks=$((ticks + 1))
                done
                stands confirmed
                ;;
            undo)
                rm -rf "$vault.part"
                if [ -f "$vault/ended" ]; then stands ended; fi
                [ -d "$vault" ] || stands nothing
                read -r role base <"$vault/names"
                place_files before
                if ! find_server; then
                    prove_mount
                    # The services are down: what was written down of their data holds before one starts.
                    change=restore
                    end_at() { fail "$2" "${3-}"; }
                    compare_data
                    forget_data
                    up_alone "$database" || fail rotation_up_failed "$(last_lines 10 "$work/out")"
                    find_server || fail rotation_database_down "$database"
                fi
                ticks=0
                until logs_in "$vault/old"; do
                    if logs_in "$vault/new"; then
                        set_password "$role" "$vault/new" "$vault/old"
                    elif [ "$ticks" -ge 20 ]; then
                        # Neither: over the socket the images of PostgreSQL ask for none.
                        tcp=$address
                        address=/var/run/postgresql
                        set_password "$role" "$vault/old" "$vault/old"
                        address=$tcp
                    fi
                    [ "$ticks" -lt 60 ] || fail rotation_not_undone "$(why)"
                    sleep 1
                    ticks=$((ticks + 1))
                done
                drop_probe "$vault/old"
                mv "$vault" "$vault.part" && rm -rf "$vault.part"
                stands undone
                ;;
            end)
                if [ -d "$vault" ]; then
                    : >"$vault/ended" && sync "$vault/ended" &&
                        find "$vault" -type f ! -name ended -exec rm -f {} + && sync "$vault" ||
                        fail rotation_not_ended "$vault"
                fi
                find "$lib/rotations" -mindepth 1 -maxdepth 1 -type d -mtime +30 2>/dev/null |
                    while IFS= read -r past; do
                        if [ -f "$past/ended" ]; then rm -rf "$past"; fi
                    done
                stands ended
                ;;
            *) fail host_request "$mode" ;;
        esac
        """#
}
