extension HostScript {
    /// Dumps of the services' data, taken while they run, onto the mount and read back.
    static let dump = #"""
        # Whether the mount has room for so many bytes, and some more.
        room_for() {
            free=$(timeout -k 1 10 df -P -k "$mount" 2>/dev/null | awk 'NR == 2 { print $4 }')
            case $free in '' | *[!0-9]*) return 0 ;; esac
            # What could not be measured is not held against it.
            bytes=${1:-0}
            [ "$((bytes / 1024 + 1024))" -gt "$free" ] || return 0
            why=dump_no_space
            echo "$((bytes / 1048576 + 1)) MiB are needed, $((free / 1024)) MiB are free at $mount." >"$work/dump.err"
            return 1
        }

        # A file is a dump once it is on the disk under its name; what is told of it is read back.
        keep_dump() {
            sync "$1.new" && mv -f "$1.new" "$1" && sync "$dumps" || return
            sum=$(sha256sum <"$1") || return
            printf 'dump %s %s %s %s %s %s %s %s\n' "$kind" "$(wc -c <"$1")" "${sum%% *}" \
                "$(printf %s "$wanted" | encode)" "$(printf %s "$cause" | encode)" \
                "$(printf %s "$2" | encode)" "$(printf %s "$1" | encode)" \
                "$(printf %s "$3" | encode)" >>"$work/payload"
        }

        # The database that every server has may hold nothing where another one is in use: no table, no
        # function, no type, no schema, no large object and no extension of somebody's.
        is_bare() {
            [ "$(wc -l <"$work/databases")" -gt 1 ] && [ "$(inside 60 'PGDATABASE=postgres; exec psql -AtXq -c "$1"' \
                "with own as (select oid, nspname from pg_namespace
                        where nspname !~ '^pg_' and nspname <> 'information_schema')
                    select (select count(*) from pg_class where relnamespace in (select oid from own))
                        + (select count(*) from pg_proc where pronamespace in (select oid from own))
                        + (select count(*) from pg_type where typnamespace in (select oid from own))
                        + (select count(*) from own where nspname <> 'public')
                        + (select count(*) from pg_largeobject_metadata)
                        + (select count(*) from pg_extension where extname <> 'plpgsql')" </dev/null 2>/dev/null)" = 0 ]
        }
        dump_postgres() {
            # What a restore has put aside, or left half-way, is no data of the stack's.
            of="from pg_database where datallowconn and datname not in ('template0', 'template1')
                and datname !~ '_(before|restored)_[0-9]{8}_[0-9]{6}\$'"
            ask_database "select datname $of order by 1" >"$work/databases" 2>"$work/dump.err" || return
            size=$(ask_database "select coalesce(sum(pg_database_size(oid)), 0) $of" 2>"$work/dump.err") || return
            case $size in '' | *[!0-9]*) echo "its size: $size" >"$work/dump.err"; return 1 ;; esac
            room_for "$size" || return
            dump_roles || return
            number=0
            while IFS= read -r database <&3; do
                if [ "$database" = postgres ] && is_bare; then continue; fi
                number=$((number + 1))
                file=$dumps/$wanted-$number.dump
                inside "$dump_seconds" 'PGDATABASE=$1; exec pg_dump -Fc' "$database" </dev/null \
                    >"$file.new" 2>"$work/dump.err" || return
                # The list of what is in it stands at its head; only reading all of it shows that it is whole.
                if ! inside "$dump_seconds" 'exec pg_restore -f /dev/null' <"$file.new" 2>"$work/dump.err"; then
                    why=dump_not_whole
                    return 1
                fi
                keep_dump "$file" "$database" "$rolesless" 2>"$work/dump.err" || return
            done 3<"$work/databases"
            [ "$number" -gt 0 ] || { echo 'There is no database in it.' >"$work/dump.err"; return 1; }
        }

        # SQLite's own backup waits for writers and takes what is in the write-ahead log along.
        sqlite_copy='
        import sqlite3, sys
        source, copy = sqlite3.connect(sys.argv[1], timeout=60), sqlite3.connect(sys.argv[2])
        source.backup(copy)
        copy.execute("pragma journal_mode=delete")
        found = copy.execute("pragma integrity_check").fetchone()[0]
        sys.exit(0 if found == "ok" else found)
        '
        dump_sqlite() {
            if ! name=$(sqlite_name); then echo 'Its name is not known.' >"$work/dump.err"; return 1; fi
            path=$(sqlite_path "$(n8n_folder)" "$name")
            locate "$path"
            source=$on_host
            if [ -z "$source" ]; then echo "$path lies in no volume." >"$work/dump.err"; return 1; fi
            if [ ! -f "$source" ]; then echo "There is no $source." >"$work/dump.err"; return 1; fi
            size=$(cat "$source" "$source-wal" 2>/dev/null | wc -c)
            room_for "$((2 * size))" || return
            file=$dumps/$wanted.sqlite.gz
            if python3 -c 'import sqlite3' 2>/dev/null; then
                timeout -k 5 "$dump_seconds" python3 -c "$sqlite_copy" "$source" "$file.copy" 2>"$work/dump.err" 9>&- || return
            elif command -v sqlite3 >/dev/null 2>&1; then
                timeout -k 5 "$dump_seconds" sqlite3 -cmd '.timeout 60000' "$source" ".backup main \"$file.copy\"" \
                    2>"$work/dump.err" 9>&- || return
                [ "$(sqlite3 "$file.copy" 'pragma integrity_check' 2>"$work/dump.err")" = ok ] ||
                    { why=dump_not_whole; return 1; }
            else
                why=dump_no_tool
                return 1
            fi
            { gzip -n -c "$file.copy" >"$file.new" && rm -f "$file.copy"; } 2>"$work/dump.err" || return
            gzip -t "$file.new" 2>"$work/dump.err" || { why=dump_not_whole; return 1; }
            keep_dump "$file" "$name" '' 2>"$work/dump.err"
        }

        # A call of Qdrant's interface; its key travels in a file, not among the arguments.
        qdrant() {
            seconds=$1
            shift
            timeout -k 1 "$((seconds + 2))" curl --noproxy '*' -fsS -m "$seconds" -H "@$work/header" "$@" </dev/null 9>&-
        }
        # The names of its collections, from its answer, one a line. Fails unless each of them was read: that
        # there is none is believed only of a list that says so.
        collections_of() {
            flat "$1" empties >"$1.flat" && awk -F '\t' '
                $1 == "/result/collections" && $2 == "[" { found = 1 }
                match($1, /^\/result\/collections\/[0-9]+/) {
                    entry = substr($1, 1, RLENGTH)
                    if (!(entry in entries)) { entries[entry] = 1; count++ }
                    if ($1 == entry "/name") { print substr($0, length($1) + 2); named++ }
                }
                END { exit count ? named != count : !found }' "$1.flat"
        }
        # Room for a copy of its storage, which may lie in the container's own layer.
        room_for_storage() {
            place=${on_host:-$root/proc/${pid:-0}/root$path}
            room_for "$(du -sk -- "$place" 2>/dev/null | awk '{ print $1 * 1024 }')"
        }
        dump_qdrant() {
            path=$(qdrant_path)
            locate "$path"
            dk inspect --type container --format '{{range .Config.Env}}{{println .}}{{end}}' "$id" 2>/dev/null |
                sed -n 's/^QDRANT__SERVICE__API_KEY=/api-key: /p' >"$work/header"
            address=$(dk inspect --type container \
                --format '{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{end}}' "$id" 2>/dev/null |
                grep . | head -n 1)
            base=http://$address:6333/collections
            if [ -z "$address" ] || ! qdrant 10 "$base" >"$work/collections" 2>"$work/dump.err" ||
                ! collections_of "$work/collections" >"$work/names"
            then
                copy_qdrant
                return
            fi
            room_for_storage || return
            [ -s "$work/names" ] || put collectionless "$wanted"
            number=0
            while IFS= read -r name <&3; do
                # A name that an address does not take as it stands is left to the copy of the files.
                case $name in '' | . | .. | *[!A-Za-z0-9._~-]*) copy_qdrant; return ;; esac
                number=$((number + 1))
                file=$dumps/$wanted-$number.snapshot
                qdrant "$dump_seconds" -X POST "$base/$name/snapshots?wait=true" >"$work/made" \
                    2>"$work/dump.err" || return
                flat "$work/made" >"$work/made.flat"
                made=$(at "$work/made.flat" /result/name)
                size=$(at "$work/made.flat" /result/size)
                case $made in
                    '' | . | .. | *[!A-Za-z0-9._~-]*)
                        head -c 2000 "$work/made" >"$work/dump.err"
                        return 1
                        ;;
                esac
                qdrant "$dump_seconds" "$base/$name/snapshots/$made" >"$file.new" 2>"$work/dump.err" || return
                # What it has to be is told by the one who made it, or it is not known to be whole.
                found=$(wc -c <"$file.new")
                if [ "$size" != "$found" ]; then
                    why=dump_not_whole
                    echo "$name: $found bytes came of a snapshot of ${size:-unknown} bytes." >"$work/dump.err"
                    return 1
                fi
                keep_dump "$file" "$name" '' 2>"$work/dump.err" || return
                qdrant 60 -X DELETE "$base/$name/snapshots/$made" >/dev/null 2>&1
            done 3<"$work/names"
        }
        # Without the interface the files are copied as they lie there.
        copy_qdrant() {
            locate "$path"
            if [ -z "$on_host" ]; then
                echo "Its interface for snapshots did not answer as it should, and $path lies in no volume." \
                    >"$work/dump.err"
                return 1
            fi
            room_for_storage || return
            file=$dumps/$wanted.tar.gz
            # A file that changed while it was read is no error here (tar: exit status 1), but told.
            timeout -k 5 "$dump_seconds" tar -C "$on_host" -czf "$file.new" . 2>"$work/dump.err" 9>&-
            [ $? -le 1 ] || return 1
            gzip -t "$file.new" 2>"$work/dump.err" || { why=dump_not_whole; return 1; }
            keep_dump "$file" storage \
                'a copy of the files while it ran: its interface for snapshots did not answer as it should' 2>"$work/dump.err"
        }

        dump_steps() {
            mkdir -p "$dumps" 2>"$work/dump.err" && chmod 700 "$mount/.geusemaker/dumps" "$dumps" || return
            for word in $G_DUMPS; do
                rest=${word#*:}
                how=$(decode "${word%%:*}")
                wanted=$(decode "${rest%%:*}")
                cause=$(decode "${rest#*:}")
                found=
                for head in "$work"/parts/*; do
                    case $head in *.env | *.mounts | *'*') continue ;; esac
                    use_part "$head"
                    if [ "$service" = "$wanted" ]; then found=yes; break; fi
                done
                if [ -z "$found" ]; then echo "$wanted has no container." >"$work/dump.err"; return 1; fi
                kind=$how
                "dump_$how" || return
            done
        }
        take_dumps() {
            dumps=$mount/.geusemaker/dumps/$run
            dk ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" >"$work/ids" \
                2>"$work/err" || fail docker_unavailable "$(cat "$work/err")"
            find_stateful
            why=dump_failed
            : >"$work/dump.err"
            { dump_steps; echo "$? $why" >"$work/dumped"; } </dev/null >/dev/null 9>&- &
            dumping=$!
            ticks=0
            wait_for "$dumping" || fail dump_timeout "$mount"
            read -r status why <"$work/dumped"
            [ "$status" = 0 ] && return 0
            timeout -k 1 20 rm -rf "$dumps" >/dev/null 2>&1
            fail "$why" "$(first_lines 10 "$work/dump.err")"
        }
        """#
}
