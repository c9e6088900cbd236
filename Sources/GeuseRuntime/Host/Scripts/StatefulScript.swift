extension HostScript {
    /// The services that keep state: which program, whose data, and what the data itself says.
    static let stateful = #"""
        # The place to read data from: the host's own, else inside the container; nothing where the mount is
        # not to be relied on.
        readable() {
            locate "$1"
            place=$on_host
            case $place/ in
                "$mount"/*) if [ "$answer" != answered ]; then place=; fi ;;
                /) if [ "${pid:-0}" != 0 ]; then place=$root/proc/$pid/root$1; fi ;;
            esac
        }
        say() { printf ' %s:%s' "$1" "$(printf %s "$2" | encode)"; }

        # Where a database keeps its data: Bitnami's images tell it by variables of their own, else by none.
        postgres_path() {
            path=$(env_of PGDATA)
            if [ "$(env_of BITNAMI_APP_NAME)" = postgresql ]; then
                top=$(env_of POSTGRESQL_VOLUME_DIR)
                own=$(env_of POSTGRESQL_DATA_DIR)
                path=${own:-${path:-${top:-/bitnami/postgresql}/data}}
            fi
            echo "${path:-/var/lib/postgresql/data}"
        }
        postgres_facts() {
            path=$(postgres_path)
            readable "$path"
            if [ -n "$place" ]; then
                version=$(timed head -c 16 -- "$place/PG_VERSION" 2>/dev/null | head -n 1 | tr -cd 0-9.)
                if [ -n "$version" ]; then say data "$version"
                elif timed test -d "$place" && [ -z "$(timed ls -A -- "$place" 2>/dev/null)" ]; then say empty yes
                fi
            fi
            say path "$path"; say host "$on_host"; say mount "$at"
            say program "$(env_of PG_MAJOR)"
            if [ -n "$(scalar_of "$service" PGDATA)" ]; then say sets yes; fi
            if [ "${pid:-0}" != 0 ]; then
                release=$root/proc/$pid/root/etc/os-release
                say system "$(sed -n 's/^ID="\{0,1\}\([a-z]*\).*$/\1/p' "$release" 2>/dev/null)"
                say release "$(sed -n 's/^VERSION_CODENAME="\{0,1\}\([a-z]*\).*$/\1/p' "$release" 2>/dev/null)"
            fi
        }

        # A service's variable as compose resolves it, still in its quotes; empty where there is none.
        scalar_of() {
            GEUSE_NAME=$1 GEUSE_KEY=$2 awk '
                function bare(s) { gsub(/^["\047]|["\047]$/, "", s); return s }
                /^[^ ]/ { inside = /^services:/; next }
                !inside { next }
                /^  [^ ]/ { s = $0; sub(/:[ ]*$/, "", s); on = (bare(substr(s, 3)) == ENVIRON["GEUSE_NAME"]); env = 0; next }
                on && /^    [^ -]/ { env = /^    environment:/; next }
                !on || !env { next }
                {
                    s = $0; sub(/^ +/, "", s)
                    if (sub(/^- /, "", s)) { s = bare(s); sign = "=" } else sign = ":"
                    at = index(s, sign)
                    if (at && bare(substr(s, 1, at - 1)) == ENVIRON["GEUSE_KEY"]) {
                        s = substr(s, at + 1); sub(/^ /, "", s); print s; exit
                    }
                }' "$work/config" 2>/dev/null
        }
        # What a scalar of `compose config` stands for; `unknown` is said for what is not understood.
        plain() {
            case $1 in
                '' | null | "''" | '""') return 0 ;;
                "'"*"'") printf %s "$1" | sed "s/^'//; s/'\$//; s/''/'/g; s/[\$][\$]/\$/g" ;;
                '|'* | '>'*) return 1 ;;
                '"'*'"')
                    case $(printf %s "$1" | sed 's/\\["\\]//g') in *\\*) return 1 ;; esac
                    printf %s "$1" | sed 's/^"//; s/"$//; s/\\\(["\\]\)/\1/g; s/[$][$]/$/g'
                    ;;
                *) printf %s "$1" | sed 's/[$][$]/$/g' ;;
            esac
        }
        # Compares the two keys here; neither leaves the host.
        key_verdict() {
            wanted=$(scalar_of "$service" N8N_ENCRYPTION_KEY)
            if [ -n "$(scalar_of "$service" N8N_ENCRYPTION_KEY_FILE)" ]; then echo unknown; return; fi
            wanted=$(plain "$wanted") || { echo unknown; return; }
            if [ -z "$wanted" ]; then echo unset; return; fi
            if [ -z "$place" ]; then echo unknown; return; fi
            if ! timed test -e "$place/config"; then echo absent; return; fi
            kept=$(timed cat -- "$place/config" 2>/dev/null | tr -d '\n' |
                sed -n 's/^.*"encryptionKey"[ \t]*:[ \t]*"\(\(\\.\|[^"\\]\)*\)".*$/\1/p')
            if [ -z "$kept" ]; then echo absent; return; fi
            case $(printf %s "$kept" | sed 's/\\["\\/]//g') in *\\*) echo unknown; return ;; esac
            kept=$(printf %s "$kept" | sed 's/\\\(["\\/]\)/\1/g')
            if [ "$wanted" = "$kept" ]; then echo same; else echo different; fi
        }
        # The service of the project that a host name stands for; nothing where it is of none, or of several.
        # Docker resolves the names of containers and their aliases in networks, of which a service's own
        # name is one.
        at_format='{{'$label'.service"}}{{"\t"}}{{.Name}}{{range .NetworkSettings.Networks}}'
        at_format=$at_format'{{range .Aliases}}{{"\t"}}{{.}}{{end}}{{end}}'
        service_at() {
            # shellcheck disable=SC2046 # ids are hexadecimal words
            dk inspect --type container --format "$at_format" $(cat "$work/ids") 2>/dev/null |
                GEUSE_NAME=$1 awk -F '\t' '
                    { sub(/^\//, "", $2); for (i = 1; i <= NF; i++) if ($i == ENVIRON["GEUSE_NAME"]) found[$1] }
                    END {
                        if (ENVIRON["GEUSE_NAME"] in found) print ENVIRON["GEUSE_NAME"]
                        else { for (name in found) count++; if (count == 1) print name }
                    }'
        }
        # Whether a volume of the container holds what looks like n8n's own outside the directory $1 of the
        # host: a database, or settings with a key. Yes, too, where one cannot be looked through.
        kept_elsewhere() {
            while IFS='	' read -r source target <&3; do
                case $source/ in "$mount"/*) [ "$answer" = answered ] || return 0 ;; esac
                timed test -e "$source"
                case $? in 0) ;; 1) continue ;; *) return 0 ;; esac
                timed find "$source" -maxdepth 4 -type f \( -name '*.sqlite' -o -name config \) \
                    >"$work/seen" 2>/dev/null || return 0
                while IFS= read -r seen <&4; do
                    if [ -n "$1" ]; then case $seen in "$1"/*) continue ;; esac; fi
                    case $seen in *.sqlite) return 0 ;; esac
                    if timed grep -q '"encryptionKey"' "$seen" 2>/dev/null; then return 0; fi
                done 4<"$work/seen"
            done 3<"$part.mounts"
            return 1
        }
        # That its file is missing where it is looked for means that there is no data yet only if nothing else
        # looks like its data.
        sqlite_facts() {
            database=$(sqlite_name) || return 0
            database=$(sqlite_path "$path" "$database")
            [ -n "$database" ] || return 0
            readable "$database"
            if [ -z "$place" ] && [ -n "$on_host" ] || { [ -n "$place" ] && timed test -e "$place"; }; then
                say database sqlite; say file "$on_host"
                return
            fi
            if kept_elsewhere "${on_host%/*}"; then return; fi
            say database sqlite; say file "$on_host"
            if [ -n "$place" ]; then say empty yes; fi
        }
        n8n_facts() {
            path=$(n8n_folder)
            place='' at='' on_host=''
            if [ -n "$path" ]; then readable "$path"; fi
            say path "$path"; say host "$on_host"; say mount "$at"
            verdict=$(key_verdict)
            if [ "$verdict" = absent ] && kept_elsewhere "$on_host"; then verdict=unknown; fi
            say key "$verdict"
            # A variable that somebody gave the same name may hold a tag.
            say program "$(env_of N8N_VERSION | grep '^[0-9]' || env_of label | grep '^v\{0,1\}[0-9]')"
            # Nothing is said of a database where it is not known which one it is.
            base=$(n8n_value DB_TYPE) || return 0
            case $base in
                postgresdb)
                    at=$(n8n_value DB_POSTGRESDB_HOST) || return 0
                    owner=$(service_at "${at:-localhost}")
                    say database "${owner:-${at:-localhost}}"
                    ;;
                '' | sqlite) sqlite_facts ;;
                *) say database "$base" ;;
            esac
        }
        qdrant_facts() {
            path=$(qdrant_path)
            readable "$path"
            say path "$path"; say host "$on_host"; say mount "$at"
        }
        ollama_facts() {
            path=/root/.ollama
            locate "$path"
            say path "$path"; say host "$on_host"; say mount "$at"
            say gpu "$(gpu_of "$pid" "$id")"
        }

        stateful_steps() {
            for head in "$work"/parts/*; do
                case $head in *.env | *.mounts | *'*') continue ;; esac
                use_part "$head"
                line=$("${kind}_facts"; if [ "$status" = running ]; then say running yes; fi)
                echo "stateful $kind $(printf %s "$service" | encode)$line" >>"$work/stateful"
            done
        }
        # Tells of them; it runs in the background, since on a hung mount even SIGKILL may not end it.
        tell_stateful() {
            find_stateful
            : >"$work/stateful"
            { stateful_steps; : >"$work/told"; } </dev/null >/dev/null 2>&1 9>&- &
            telling=$!
            ticks=0
            until [ -e "$work/told" ]; do
                if [ "$ticks" -ge 300 ] || ! kill -0 "$telling" 2>/dev/null; then
                    kill -9 "$telling" 2>/dev/null
                    break
                fi
                sleep 0.05
                ticks=$((ticks + 1))
            done
            cat "$work/stateful" >>"$work/payload"
        }
        """#
}
