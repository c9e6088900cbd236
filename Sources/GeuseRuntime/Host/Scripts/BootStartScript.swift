extension HostScript {
    /// Whether docker starts at the next boot, and what else starts the services then.
    static let bootStart = #"""
        # yes, no, or unknown, where there is no systemd or it knows no docker. A unit that is not enabled starts
        # all the same where one that is wants it.
        tell_docker_at_boot() {
            systemctl_shows=
            if command -v systemctl >/dev/null 2>&1; then
                systemctl_shows=$(timeout -k 1 10 systemctl show -p Id,UnitFileState,WantedBy,RequiredBy -- \
                    docker.service docker.socket snap.docker.dockerd.service 2>/dev/null </dev/null 9>&-)
            fi
            raw dockerboot "$(printf '%s\n\n' "$systemctl_shows" | awk '
                function judge() {
                    if (state ~ /^(enabled|enabled-runtime|static|indirect|generated|alias|transient)$/) yes = 1
                    if (wanted && id ~ /\.service$/ && state != "masked") yes = 1
                    if (state != "") known = 1
                    id = state = ""; wanted = 0
                }
                /^Id=/ { id = substr($0, 4) }
                /^UnitFileState=/ { state = substr($0, 15) }
                /^(WantedBy|RequiredBy)=./ { wanted = 1 }
                /^$/ { judge() }
                END { judge(); print yes ? "yes" : known ? "no" : "unknown" }')"
        }

        # Puts the units and files that run `docker compose up` for this project at boot and do not wait for the
        # mount. Of their text nothing leaves the host.
        tell_boot_starts() {
            set --
            for path in "$root"/etc/systemd/system/*.wants/*.service \
                "$root"/etc/systemd/system/*.requires/*.service "$root"/etc/systemd/system/*.service.d/*.conf \
                "$root"/etc/systemd/system/docker.service "$root"/etc/crontab "$root"/etc/cron.d/* \
                "$root"/var/spool/cron/crontabs/root "$root"/var/spool/cron/root "$root"/etc/rc.local \
                "$root"/etc/rc.d/rc.local "$root"/var/lib/cloud/scripts/per-boot/*; do
                if [ -f "$path" ] && [ -r "$path" ]; then set -- "$@" "$path"; fi
            done
            [ $# -gt 0 ] || return 0
            : >"$work/boot.scripts"
            read_boot_files "$@" >"$work/boot.found"
            # What they call may be a script of somebody's own. One on the mount is not looked into: it may hang.
            sed -n 's/^calls	//p' "$work/boot.found" | head -n 100 >"$work/boot.calls"
            while IFS='	' read -r called key; do
                case $called in "$mount"/*) continue ;; esac
                # It may lead to a mount that does not answer; then nothing else there is looked at either.
                quickly sh -c '[ -f "$1" ] && head -c 2 "$1"' sh "$root$called" ||
                    { [ $? -ne 124 ] || break; continue; }
                first=$(tr -d '\000' <"$work/quick")
                case $first in
                    '#!')
                        printf '%s\t%s\n' "$root$called" "$key" >>"$work/boot.scripts"
                        set -- "$@" "$root$called"
                        ;;
                esac
            done <"$work/boot.calls"
            if [ -s "$work/boot.scripts" ]; then read_boot_files "$@" >"$work/boot.found"; fi
            sed -n 's/^starts	//p' "$work/boot.found" | sort -u | head -n 20 >"$work/boot.starts"
            while IFS= read -r place; do put bootstart "$place"; done <"$work/boot.starts"
        }
        read_boot_files() {
            GEUSE_ROOT=$root GEUSE_MOUNT=$mount GEUSE_FILE=$file GEUSE_DIRECTORY=$directory \
                GEUSE_PROJECT=$project timeout -k 1 10 awk "$boot_rules" "$work/boot.scripts" "$@" \
                2>/dev/null </dev/null 9>&-
        }
        boot_rules='
            BEGIN {
                root = ENVIRON["GEUSE_ROOT"]; mount = ENVIRON["GEUSE_MOUNT"]
                option = "([ \t]+(--?[A-Za-z-]+([ \t=]+[^- \t;|&][^ \t;|&]*)?|\"?[$][^ \t;|&]+))"
                unit = substr(mount, 2); gsub(/-/, "\\x2d", unit); gsub(/\//, "-", unit); unit = unit ".mount"
            }
            FILENAME == ARGV[1] {
                split($0, pair, "\t"); owners[pair[1]] = owners[pair[1]] pair[2] "\n"
                next
            }
            FNR == 1 {
                place = substr(FILENAME, length(root) + 1)
                kind = "script"; key = place; skipped = continued = 0
                if (FILENAME in owners) { kind = "called"; key = owners[FILENAME] }
                else if (place ~ /^\/etc\/systemd\/system\//) {
                    kind = "unit"
                    enabled = place ~ /\.(wants|requires)\/[^\/]*$/
                    sub(/\.d\/[^\/]*\.conf$/, "", key); sub(/^.*\//, "", key)
                    if (enabled) told[key] = key
                } else {
                    if (place ~ /^\/etc\/cron|^\/var\/spool\/cron/) kind = "cron"
                    told[key] = place
                }
            }
            {
                line = $0; sub(/\r$/, "", line)
                if (!continued) {
                    skipped = line ~ /^[ \t]*[#;]/
                    # Of cron what runs at boot, or every few minutes from then on.
                    if (kind == "cron" && line !~ /^[ \t]*(@reboot|\*)/) skipped = 1
                    if (kind == "unit" && line ~ /^(ExecStop|ExecStopPost|ExecReload|Description|Documentation)=/)
                        skipped = 1
                }
                continued = sub(/\\$/, " ", line)
                if (skipped) next
                if (!continued) line = line "\n"
                if (kind != "called") { text[key] = text[key] line; next }
                count = split(key, keys, "\n")
                for (i = 1; i < count; i++) text[keys[i]] = text[keys[i]] line
            }
            # Whether a path stands there as a whole, or one below it, but not as the beginning of another name.
            function has(s, path, below,   at, rest, before) {
                while ((at = index(s, path)) > 0) {
                    before = at > 1 ? substr(s, at - 1, 1) : ""
                    rest = substr(s, at + length(path))
                    if (before !~ /[A-Za-z0-9_.\/-]/ && rest !~ /^[A-Za-z0-9_.-]/ &&
                        (below || rest !~ /^\/[A-Za-z0-9_.-]/))
                        return 1
                    s = rest
                }
                return 0
            }
            function waits(s,   i, lines, count) {
                count = split(s, lines, "\n")
                for (i = 1; i <= count; i++) {
                    if (lines[i] ~ /^(RequiresMountsFor|ConditionPathIsMountPoint|AssertPathIsMountPoint)=/ &&
                        has(lines[i], mount, 1)) return 1
                    if (lines[i] ~ /^(Requires|BindsTo|Requisite)=/ && index(lines[i], unit)) return 1
                    # A script that looks for it does so in words of its own.
                    if (lines[i] ~ /mountpoint|findmnt|\/proc\/(self\/)?mount|is-active .*\.mount/ && has(s, mount, 1))
                        return 1
                }
                return 0
            }
            function starts(s,   i, lines, count) {
                count = split(s, lines, "\n")
                for (i = 1; i <= count; i++)
                    # The command itself behind its options, and not a word of another one.
                    if (lines[i] ~ ("compose" option "*[ \t]+(up|start|restart)([^A-Za-z0-9_.-]|$)")) return 1
                return 0
            }
            function names_it(s,   i, words, count, name) {
                if (has(s, ENVIRON["GEUSE_FILE"]) || has(s, ENVIRON["GEUSE_DIRECTORY"])) return 1
                gsub(/["\047=]/, " ", s)
                count = split(s, words)
                for (i = 2; i <= count; i++)
                    if (words[i] == ENVIRON["GEUSE_PROJECT"] &&
                        words[i - 1] ~ /^(-p|--project-name|COMPOSE_PROJECT_NAME)$/) return 1
                return 0
            }
            END {
                # No container starts before a docker that waits for the mount.
                if (waits(text["docker.service"])) exit
                for (key in told) {
                    s = text[key]
                    if (key ~ /@.*\.service$/) {
                        instance = key; sub(/^[^@]*@/, "", instance); sub(/\.service$/, "", instance)
                        template = key; sub(/@.*$/, "@.service", template)
                        s = s text[template]
                        gsub(/%[iI]/, instance, s)
                    }
                    if (waits(s)) continue
                    if (starts(s) && names_it(s)) { print "starts\t" told[key]; continue }
                    gsub(/["\047=;&|()]/, " ", s)
                    count = split(s, words)
                    for (i = 1; i <= count; i++) {
                        sub(/^[-@:+!]+/, "", words[i])
                        if (words[i] ~ /^\/./ && words[i] !~ /^\/(bin|sbin|lib|lib64|dev|proc|sys|run|usr\/(bin|sbin|lib|libexec))\//)
                            print "calls\t" words[i] "\t" key
                    }
                }
            }'
        """#
}
