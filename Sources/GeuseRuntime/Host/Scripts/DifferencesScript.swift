extension HostScript {
    /// What the compose file says of a service and its container was not made with.
    ///
    /// Names are told and never values: those stay in files of the script's own.
    static let differences = #"""
        # The configuration as compose resolves it now, as JSON, which the old binary cannot write: there
        # nothing is compared. It is asked while other things are looked at.
        ask_configuration() {
            dc "$file" config --format json >"$work/written.json" 2>/dev/null &
            asking=$!
        }

        # Tells for each service the fields in which its container is not what the file says.
        tell_differences() {
            wait "$asking" || return 0
            [ -n "${images-}" ] && flat "$work/written.json" empty >"$work/written" || return 0
            # shellcheck disable=SC2086 # ids are hexadecimal words
            dk inspect --type container --format "$made_format" $ids 2>/dev/null | listed >"$work/made.json"
            # shellcheck disable=SC2086
            dk image inspect --format "$base_format" $images 2>/dev/null | listed >"$work/base.json"
            flat "$work/made.json" >"$work/made" && flat "$work/base.json" >"$work/base" || return 0
            differences "$work/written" "$work/base" "$work/made" | sort -u | head -n 60 |
                while IFS='	' read -r name what; do
                    raw differs "$(printf %s "$name" | encode) $(printf %s "$what" | encode)"
                done
        }
        # JSON texts, one a line, as one list.
        listed() { awk 'BEGIN { print "[" } NR > 1 { print "," } { print } END { print "]" }'; }
        made_format='{"service":{{json ('$label'.service")}},"oneoff":{{json ('$label'.oneoff")}},'
        made_format=$made_format'"image":{{json .Image}},"user":{{json .Config.User}},'
        made_format=$made_format'"env":{{json .Config.Env}},"command":{{json .Config.Cmd}},'
        made_format=$made_format'"entrypoint":{{json .Config.Entrypoint}},"mounts":{{json .Mounts}},'
        made_format=$made_format'"ports":{{json .HostConfig.PortBindings}}}'
        base_format='{"id":{{json .ID}},"user":{{json .Config.User}},"env":{{json .Config.Env}},'
        base_format=$base_format'"command":{{json .Config.Cmd}},"entrypoint":{{json .Config.Entrypoint}}}'

        # Flat files of the configuration, the images and the containers: a service, a tab, what differs.
        differences() {
            awk '
                # Compose writes two for each that it means; a run of them is as good as one to tell texts apart.
                function plain(s) { gsub(/\$+/, "$", s); return s }
                function cleaned(s) {
                    gsub(/\/(\.?\/)+/, "/", s)
                    if (length(s) > 1) sub(/\/\.?$/, "", s)
                    return s
                }
                function address(s) { return s == "0.0.0.0" || s == "::" ? "" : s }
                function tell(what) { print own "\t" what }
                # Variables that docker gives to every container (proxies of its client).
                function given(key) { return tolower(key) ~ /^(https?|ftp|no|all)_proxy$/ }
                # A database reads the password of its first day from there, and never again.
                function spent(i, key) {
                    return key ~ /^POSTGRES(QL)?_PASSWORD$/ && ((i, "PGDATA") in has || (i, "PG_MAJOR") in has ||
                        (i, "POSTGRESQL_VOLUME_DIR") in has)
                }
                BEGIN { containers = 0 }
                {
                    at = index($0, "\t")
                    value = substr($0, at + 1)
                    path = substr($0, 1, at - 1)
                    n = split(path, p, "/")
                }
                FILENAME == ARGV[1] && p[2] == "volumes" {
                    if (n == 4 && p[4] == "name") volume[p[3]] = value
                    next
                }
                FILENAME == ARGV[1] {
                    if (p[2] != "services") next
                    s = p[3]
                    field = p[4]
                    known[s] = 1
                    if (field == "user" && n == 4) user[s] = plain(value)
                    else if (field == "environment" && n >= 5) {
                        key = substr(path, length("/services/" s "/environment/") + 1)
                        if (key ~ /^[0-9]+$/) {
                            at = index(value, "=")
                            key = at ? substr(value, 1, at - 1) : value
                            value = at ? substr(value, at + 1) : "null"
                        }
                        named[s, ++names[s]] = key
                        env[s, key] = plain(value)
                    } else if (field == "command" || field == "entrypoint") {
                        if (n == 5) said[s, field] = said[s, field] "\n" plain(value)
                        else if (value == "[") emptied[s] = 1
                        else if (value != "null") short[s, "command"] = 1
                    } else if (field == "volumes" && n == 6) {
                        if (p[5] + 1 > mounts[s]) mounts[s] = p[5] + 1
                        mount[s, p[5] + 1, p[6]] = plain(value)
                    } else if (field == "ports" && n == 6) {
                        if (p[5] + 1 > ports[s]) ports[s] = p[5] + 1
                        port[s, p[5] + 1, p[6]] = value
                    } else if (field == "volumes_from") borrowed[s] = 1
                    else if (field == "env_file") short[s, "environment"] = 1
                    else if ((field == "volumes" || field == "ports") && n == 5) short[s, field] = 1
                    else if (field == "configs" || field == "secrets") extra[s] = 1
                    next
                }
                FILENAME == ARGV[2] {
                    if (p[3] == "id") { id = value; based[id] = 1 }
                    else if (p[3] == "user") base[id, "user"] = value
                    else if (p[3] == "env" && n == 4) {
                        at = index(value, "=")
                        base[id, "env", substr(value, 1, at - 1)] = plain(substr(value, at + 1))
                    } else if (n == 4) base[id, p[3]] = base[id, p[3]] "\n" plain(value)
                    next
                }
                {
                    i = p[2]
                    if (i + 1 > containers) containers = i + 1
                    if (n == 3 && value != "null") fact[i, p[3]] = plain(value)
                    else if (p[3] == "env") {
                        at = index(value, "=")
                        if (!at) next
                        key = substr(value, 1, at - 1)
                        if (!((i, key) in has)) carried[i, ++carries[i]] = key
                        has[i, key] = plain(substr(value, at + 1))
                    } else if (p[3] == "mounts" && n == 5) {
                        if (p[4] + 1 > bound[i]) bound[i] = p[4] + 1
                        part[i, p[4] + 1, p[5]] = plain(value)
                    } else if (p[3] == "ports" && n == 7) {
                        where = i SUBSEP p[4] "/" p[5] SUBSEP p[6]
                        if (!(where in open)) { open[where] = 1; opened[i, ++opens[i]] = where }
                        if (p[7] == "HostIp") open_at[where] = value
                        if (p[7] == "HostPort") open_port[where] = value
                    } else if (n == 4) fact[i, p[3]] = fact[i, p[3]] "\n" plain(value)
                }
                # A tool that writes the file as it stands, and not in the long form as compose does, leaves
                # things open: what is not known is no difference.
                function look_environment(i, s, id,   k, key, fine) {
                    for (k = 1; k <= names[s]; k++) {
                        key = named[s, k]
                        if (spent(i, key)) continue
                        # Without a value it is not set, unless the image does.
                        if (env[s, key] == "null")
                            fine = !((i, key) in has) || has[i, key] == "null" ||
                                ((id, "env", key) in base && base[id, "env", key] == has[i, key])
                        else fine = (i, key) in has && has[i, key] == env[s, key]
                        if (!fine) tell("environment " key)
                    }
                    if ((s, "environment") in short) return
                    for (k = 1; k <= carries[i]; k++) {
                        key = carried[i, k]
                        if ((s, key) in env || given(key) || spent(i, key)) continue
                        if ((id, "env", key) in base && base[id, "env", key] == has[i, key]) continue
                        tell("environment " key)
                    }
                }
                function look_mounts(i, s,   k, target, kind, source, j, name) {
                    for (k = 1; k <= bound[i]; k++) spot[i, cleaned(part[i, k, "Destination"])] = k
                    for (k = 1; k <= mounts[s]; k++) {
                        target = cleaned(mount[s, k, "target"])
                        kind = mount[s, k, "type"]
                        source = mount[s, k, "source"]
                        wanted[s, target] = 1
                        if ((kind != "bind" && kind != "volume") || source == "") continue
                        j = spot[i, target]
                        if (!j || part[i, j, "Type"] != kind) { tell("mount " target); continue }
                        if (kind == "bind" && cleaned(part[i, j, "Source"]) != cleaned(source)) tell("mount " target)
                        if (kind == "volume" && part[i, j, "Name"] != (source in volume ? volume[source] : source))
                            tell("mount " target)
                    }
                    if (s in borrowed || (s, "volumes") in short) return
                    for (k = 1; k <= bound[i]; k++) {
                        target = cleaned(part[i, k, "Destination"])
                        kind = part[i, k, "Type"]
                        name = part[i, k, "Name"]
                        if ((s, target) in wanted) continue
                        # Volumes without a name of their own come from the image.
                        if (kind == "volume" && (length(name) != 64 || name ~ /[^0-9a-f]/)) tell("mount " target)
                        if (kind == "bind" && !(s in extra) && target !~ /^\/run\/secrets\//) tell("mount " target)
                    }
                }
                function look_ports(i, s,   k, set, count, key, where, at) {
                    count = 0
                    if ((s, "ports") in short) return
                    for (k = 1; k <= ports[s]; k++) {
                        # One that docker chooses, or a range, is not known from the file alone.
                        if (port[s, k, "published"] !~ /^[0-9]+$/) return
                        key = address(port[s, k, "host_ip"]) " " port[s, k, "published"] " " port[s, k, "target"] "/" \
                            ((s, k, "protocol") in port ? port[s, k, "protocol"] : "tcp")
                        if (!(key in set)) { set[key] = 1; count++ }
                    }
                    for (k = 1; k <= opens[i]; k++) {
                        where = opened[i, k]
                        split(where, at, SUBSEP)
                        key = address(open_at[where]) " " open_port[where] " " at[2]
                        if (!(key in set)) { tell("ports"); return }
                        if (set[key] == 1) { set[key] = 2; count-- }
                    }
                    if (count) tell("ports")
                }
                END {
                    for (i = 0; i < containers; i++) {
                        own = s = fact[i, "service"]
                        id = fact[i, "image"]
                        if (!(s in known) || tolower(fact[i, "oneoff"]) == "true" || !(id in based)) continue
                        look_environment(i, s, id)
                        look_mounts(i, s)
                        look_ports(i, s)
                        if ((s in user ? user[s] : base[id, "user"]) != fact[i, "user"]) tell("user")
                        # Docker takes one of an empty word for none.
                        if (s in emptied || (s, "command") in short) continue
                        if ((s, "entrypoint") in said && said[s, "entrypoint"] == "\n") continue
                        if ((s, "entrypoint") in said) {
                            if (said[s, "entrypoint"] != fact[i, "entrypoint"]) tell("entrypoint")
                        } else if (base[id, "entrypoint"] != fact[i, "entrypoint"]) tell("entrypoint")
                        if ((s, "command") in said) {
                            if (said[s, "command"] != fact[i, "command"]) tell("command")
                        } else if (!((s, "entrypoint") in said) && base[id, "command"] != fact[i, "command"]) tell("command")
                    }
                }' "$1" "$2" "$3"
        }
        """#
}
