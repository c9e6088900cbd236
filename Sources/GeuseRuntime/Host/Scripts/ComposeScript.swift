extension HostScript {
    /// Calls of docker compose and what is read from its normalized configuration.
    static let compose = #"""
        # The project's further files, base64 words whose first part is the path.
        overrides=${G_OVERRIDES-}

        # The compose program of this host: the plugin, else the old binary.
        find_compose() {
            if dk compose version >/dev/null 2>&1; then
                compose=plugin
                compose_version=$(dk compose version --short 2>/dev/null)
            elif command -v docker-compose >/dev/null 2>&1; then
                compose=binary
                compose_version=$(timeout -k 5 "$limit" docker-compose version --short </dev/null 9>&-)
            else
                fail compose_missing ''
            fi
        }

        # compose on a file of the project, with its further ones; all of them stand in their order.
        dc() {
            count=$#
            set -- "$@" --project-directory "$directory"
            if [ -n "$project" ]; then set -- "$@" -p "$project"; fi
            for word in $environment; do set -- "$@" --env-file "$(decode "$word")"; done
            set -- "$@" -f
            set -- "$@" "$1"
            shift
            for word in $overrides; do set -- "$@" -f "$(decode "${word%%:*}")"; done
            while [ "$count" -gt 1 ]; do
                set -- "$@" "$1"
                shift
                count=$((count - 1))
            done
            compose_program "$@"
        }
        # What compose makes of all that it reads, as a checksum alone: the text holds secrets, and what only this
        # machine knows keeps a weak one from being tried out elsewhere.
        tell_resolved() {
            sum=$(cat "$root/etc/machine-id" "$work/config" 2>/dev/null | sha256sum)
            raw resolved "${sum%% *}"
        }
        compose_program() {
            if [ "$compose" = plugin ]; then
                dk compose "$@"
            else
                timeout -k 5 "$limit" docker-compose "$@" </dev/null 9>&-
            fi
        }

        # `up` without a pull, in $never: only since 2.6 compose has the option (docker/compose, pull request
        # 9474); one that has not pulls nothing that is there already, unless the file says so.
        find_never() {
            never=
            if [ "$compose" = plugin ] && ! compose_is_before 2 6; then never='--pull never'; fi
        }

        # Whether compose says that it is older than a release: $1 major, $2 minor.
        compose_is_before() {
            printf '%s\n' "${compose_version#v}" | awk -F '[.]' -v major="$1" -v minor="$2" '
                $1 ~ /^[0-9]+$/ && $2 ~ /^[0-9]+/ && ($1 + 0 < major || ($1 + 0 == major && $2 + 0 < minor)) {
                    found = 1
                }
                END { exit !found }'
        }

        # Services and images of `compose config`, a line each: name, tab, image. The rest of that text
        # holds secrets and goes nowhere.
        images_of() {
            awk '
                function bare(s) {
                    sub(/[ \t\r]+$/, "", s)
                    if (s ~ /^".*"$/ || s ~ /^\047.*\047$/) s = substr(s, 2, length(s) - 2)
                    return s
                }
                function flush() { if (name != "") print name "\t" image; name = ""; image = "" }
                /^[^ ]/ { flush(); inside = ($0 ~ /^services:/) ; next }
                !inside { next }
                /^  [^ ].*:[ ]*([{][}])?$/ {
                    flush()
                    name = substr($0, 3); sub(/:[ ]*([{][}])?$/, "", name); name = bare(name)
                    next
                }
                /^    image: / { image = bare(substr($0, 12)) }
                END { flush() }' "$1"
        }

        # Services that the file asks no container of: `scale: 0`, `deploy: replicas: 0`.
        unwanted_of() {
            awk '
                function bare(s) { sub(/:[ \t\r]*([{][}])?$/, "", s); gsub(/["\047]/, "", s); return s }
                /^[^ ]/ { inside = ($0 ~ /^services:/); next }
                !inside { next }
                /^  [^ ]/ { name = bare(substr($0, 3)); deploy = 0; next }
                /^    [^ ]/ { deploy = ($0 ~ /^    deploy:[ \r]*$/) }
                /^    scale: 0[ \r]*$/ { none[name] = 1 }
                deploy && /^      replicas: 0[ \r]*$/ { none[name] = 1 }
                END { for (name in none) print name }' "$1"
        }
        # Services that another one waits for to end well: they do their work once.
        awaited_of() {
            awk '
                /^[^ ]/ { inside = ($0 ~ /^services:/); next }
                !inside { next }
                /^  [^ ]/ { depends = 0; next }
                /^    [^ ]/ { depends = ($0 ~ /^    depends_on:[ \r]*$/); next }
                depends && /^      [^ ]/ {
                    name = substr($0, 7); sub(/:[ \t\r]*$/, "", name); gsub(/["\047]/, "", name)
                }
                depends && /^        condition: ["\047]?service_completed_successfully/ { print name }' "$1" |
                sort -u
        }
        # Tells the services of $work/config, their images, which of them are to have no container, and which
        # are waited for to end.
        tell_services() {
            images_of "$work/config" >"$work/services"
            unwanted_of "$work/config" >"$work/unwanted"
            awaited_of "$work/config" | while IFS= read -r name; do put awaited "$name"; done
            while IFS='	' read -r name image; do
                raw service "$(printf %s "$name" | encode) $(printf %s "$image" | encode)"
                if grep -qxF -- "$name" "$work/unwanted"; then put unwanted "$name"; fi
            done <"$work/services"
        }

        # Host paths that `compose config` binds, long and short form, and those
        # that a named volume's driver binds (driver_opts). Only what stands below `volumes:` is looked at: a
        # value of several lines may look like anything. compose writes $ as $$.
        all_binds_of() {
            awk '
                BEGIN {
                    for (i = 1; i < 256; i++) byte[sprintf("%02x", i)] = sprintf("%c", i)
                }
                # What the escapes of a scalar in double quotes stand for (YAML 1.2, 5.7).
                function unquoted(s,   out, c, code) {
                    out = ""
                    while ((i = index(s, "\\")) > 0) {
                        out = out substr(s, 1, i - 1)
                        c = substr(s, i + 1, 1)
                        s = substr(s, i + 2)
                        if (c == "t") out = out "\t"
                        else if (c == "x") { out = out utf8("00" substr(s, 1, 2)); s = substr(s, 3) }
                        else if (c == "u") { out = out utf8(substr(s, 1, 4)); s = substr(s, 5) }
                        else if (c == "_") out = out utf8("00a0")
                        else if (c == "e") out = out byte["1b"]
                        else out = out c
                    }
                    return out s
                }
                function utf8(hex,   code, j) {
                    code = 0
                    for (j = 1; j <= 4; j++) code = code * 16 + index("123456789abcdef", tolower(substr(hex, j, 1)))
                    if (code < 128) return sprintf("%c", code)
                    if (code < 2048) return octet(192 + int(code / 64)) octet(128 + code % 64)
                    return octet(224 + int(code / 4096)) octet(128 + int(code / 64) % 64) octet(128 + code % 64)
                }
                function octet(code) { return byte[sprintf("%02x", code)] }
                function bare(s) {
                    sub(/[ \t\r]+$/, "", s)
                    if (s ~ /^".*"$/) s = unquoted(substr(s, 2, length(s) - 2))
                    else if (s ~ /^\047.*\047$/) { s = substr(s, 2, length(s) - 2); gsub(/\047\047/, "\047", s) }
                    gsub(/\$\$/, "$", s)
                    return s
                }
                function keep(s) { if (s ~ /^\//) print s }
                /^[^ ]/ { part = $0; sub(/:.*$/, "", part); listed = options = 0; next }
                /^  [^ ]/ { listed = options = 0; next }
                /^    [^ -]/ {
                    listed = (part == "services" && $0 ~ /^    volumes:[ \r]*$/)
                    options = (part == "volumes" && $0 ~ /^    driver_opts:[ \r]*$/)
                    next
                }
                options && /^      device: / { s = $0; sub(/^      device: /, "", s); keep(bare(s)) }
                !listed { next }
                /^ +(- )?source: / { s = $0; sub(/^ +(- )?source: /, "", s); keep(bare(s)); next }
                /^ +- ["\047]?\// {
                    s = $0; sub(/^ +- /, "", s); s = bare(s)
                    if (index(s, ":") > 1) keep(substr(s, 1, index(s, ":") - 1))
                }' "$1" | sort -u
        }

        # Those of them that stand below the mount point.
        binds_of() { all_binds_of "$1" | below_mount; }
        below_mount() {
            GEUSE_MOUNT=$mount awk '
                $0 == ENVIRON["GEUSE_MOUNT"] || index($0, ENVIRON["GEUSE_MOUNT"] "/") == 1'
        }

        # Of a file of paths those that lead to the mount: they stand below it, or lie on its device all the same,
        # by a link or a second mount. After a boot such a path may lead elsewhere, so that those of before the
        # last stop count too. $work/aliases has the ones that stand elsewhere.
        lead_to_mount() {
            below_mount <"$1"
            GEUSE_MOUNT=$mount awk '
                $0 != ENVIRON["GEUSE_MOUNT"] && index($0, ENVIRON["GEUSE_MOUNT"] "/") != 1' "$1" | sort -u \
                >"$work/elsewhere"
            : >"$work/aliases"
            [ -s "$work/elsewhere" ] || return 0
            if [ -s "$lib/aliases-$project" ]; then
                grep -xF -f "$lib/aliases-$project" "$work/elsewhere" >"$work/aliases"
            fi
            if [ "$mounted" = yes ] && [ "$answer" != hung ]; then
                set -- "$mount"
                while IFS= read -r path; do set -- "$@" "$path"; done <"$work/elsewhere"
                quickly stat -L -c '%d %n' -- "$@" || :
                GEUSE_MOUNT=$mount awk '
                    { device = $1; sub(/^[^ ]* /, "") }
                    NR == 1 { if ($0 != ENVIRON["GEUSE_MOUNT"]) exit; wanted = device; next }
                    device == wanted' "$work/quick" >>"$work/aliases"
            fi
            sort -u -o "$work/aliases" "$work/aliases"
            cat "$work/aliases"
        }
        # Nobody sees after a boot that these led to the mount.
        remember_aliases() {
            if [ -s "$work/aliases" ]; then
                cp "$work/aliases" "$lib/aliases-$project.new" && sync "$lib/aliases-$project.new" &&
                    mv -f "$lib/aliases-$project.new" "$lib/aliases-$project" && sync "$lib"
            elif [ "$mounted" = yes ]; then
                rm -f "$lib/aliases-$project"
            fi
        }

        # What is bound on the mount: by the file, in $work/config, and by the containers, in $ids.
        bound_paths() {
            if [ -s "$work/config" ]; then all_binds_of "$work/config"; fi >"$work/paths"
            if [ -s "$work/ids" ]; then
                # shellcheck disable=SC2046 # ids are hexadecimal words
                dk inspect --type container \
                    --format '{{range .Mounts}}{{if eq .Type "bind"}}{{println .Source}}{{end}}{{end}}' \
                    $(cat "$work/ids") 2>/dev/null | grep '^/' >>"$work/paths"
                find_volumes
                awk -F '\t' '$3 == "bind" { print $4 }' "$work/volumes" >>"$work/paths"
            fi
            lead_to_mount "$work/paths" | sort -u
        }
        """#
}
