extension HostScript {
    /// The mount: what the kernel says, a timed read and write, and the rules of `StorageProof`.
    static let storage = #"""
        # Undoes the kernel's octal escapes of blanks and backslashes.
        plain_text='
            function plain(s,   out, code) {
                out = ""
                while (match(s, /\\[0-7][0-7][0-7]/)) {
                    code = substr(s, RSTART + 1, 1) * 64 + substr(s, RSTART + 2, 1) * 8 + substr(s, RSTART + 3, 1)
                    out = out substr(s, 1, RSTART - 1) sprintf("%c", code)
                    s = substr(s, RSTART + 4)
                }
                return out s
            }'

        # What is mounted at a path as a process that opens it comes to it (proc(5), mountinfo): type, source,
        # whether it is writable, device, port. The order of the lines says nothing, since a file system that
        # was moved keeps its place among them, and one may lie over a directory above. So the path is gone
        # along from the root as the kernel does it, from each mount to the one that is mounted on it there.
        # $1: mountinfo, $2: path.
        visible_mount() {
            GEUSE_PATH=$2 awk "$plain_text"'
                { id[NR] = $1; under[NR] = $2; place[NR] = plain($5); line[NR] = $0; known[$1] = 1 }
                function climb(to,   i, moved) {
                    do {
                        moved = 0
                        for (i = 1; i <= NR; i++)
                            if (under[i] == now && id[i] != now && place[i] == to) {
                                now = id[i]; top = i; moved = 1
                            }
                    } while (moved && ++steps <= NR)
                }
                END {
                    for (i = 1; i <= NR; i++) {
                        if ((under[i] in known) && under[i] != id[i]) continue
                        if (place[i] == "/") { now = id[i]; top = i; break }
                        if (!begun) { now = under[i]; begun = 1 }
                    }
                    path = ENVIRON["GEUSE_PATH"]
                    climb("/")
                    for (i = 2; i <= length(path); i++) if (substr(path, i, 1) == "/") climb(substr(path, 1, i - 1))
                    climb(path)
                    if (!top || place[top] != path) exit
                    $0 = line[top]
                    for (i = 7; i <= NF && $i != "-"; i++) { }
                    rw = (("," $6 ",") ~ /,rw,/ && ("," $(i + 3) ",") ~ /,rw,/) ? "yes" : "no"
                    port = $(i + 3); if (!sub(/^.*,port=/, "", port)) port = ""; sub(/,.*$/, "", port)
                    print $(i + 1) " " $(i + 2) " " rw " " $3 " " port
                }' "$1"
        }

        # Says so where a file system is mounted at the mount point and something above it hides it.
        hidden_mount() {
            GEUSE_MOUNT=$mount awk "$plain_text"'
                plain($5) == ENVIRON["GEUSE_MOUNT"] { found = $3 }
                END {
                    if (found) print "The kernel lists " found " there, hidden by what was mounted over a directory above."
                }' "$1"
        }

        mount_facts() {
            mounted=no writable=no answer=failed nonce_found=none
            type='' source='' tunnel='' mount_device=''
            line=$(visible_mount "$root/proc/self/mountinfo" "$mount")
            if [ -z "$line" ]; then return 0; fi
            mounted=yes
            type=${line%% *}; line=${line#* }
            source=${line%% *}; line=${line#* }
            writable=${line%% *}; line=${line#* }
            mount_device=${line%% *}; port=${line#* }
            # [fd00::1]:/ or 10.0.0.7:/.
            case $source in
                '['*) address=${source#?} address=${address%%\]*} ;;
                *) address=${source%%:*} ;;
            esac
            find_tunnel
        }
        # The same, after a look into a mount point that an automount above makes only then (autofs(5), indirect
        # maps).
        find_mount() {
            mount_facts
            above=${mount%/*}
            while [ "$mounted" = no ] && [ -n "$above" ]; do
                case $(visible_mount "$root/proc/self/mountinfo" "$above") in
                    autofs\ *) quickly ls -a -- "$mount/." || :; mount_facts; break ;;
                    ?*) break ;;
                esac
                above=${above%/*}
            done
        }
        # The number that stat gives for a device of mountinfo (makedev(3)).
        device_number() {
            major=${1%%:*} minor=${1#*:}
            echo $(((minor & 255) | ((major & 4095) << 8) | ((minor & ~255) << 12) | ((major & ~4095) << 32)))
        }

        # The file system behind an address that does not name it. efs-utils keeps a state file
        # FS.PATH.PORT in /var/run/efs for each mount, PATH with dots for slashes.
        find_tunnel() {
            case $address in fs-* | *.fs-*) return 0 ;; esac
            dotted=$(printf %s "${mount#/}" | tr / .)
            for state in "$root"/var/run/efs/fs-*; do
                [ -e "$state" ] || continue
                state=${state##*/}
                case $state in
                    fs-*."$dotted"."$port" | fs-*."$dotted"."$port"+) tunnel=${state%%.*} ;;
                    fs-*."$dotted".*) [ -n "$port" ] || tunnel=${state%%.*} ;;
                esac
            done
            [ -z "$tunnel" ] || return 0
            tunnel=$(GEUSE_MOUNT=$mount awk '
                $1 !~ /^#/ && $2 == ENVIRON["GEUSE_MOUNT"] && match($1, /^fs-[0-9a-f]+/) {
                    print substr($1, 1, RLENGTH)
                }' "$root/etc/fstab" 2>/dev/null | tail -n 1)
            [ -z "$tunnel" ] || return 0
            # GeuseMaker pins the name of the file system to the mount target's address.
            tunnel=$(GEUSE_ADDRESS=$address awk '
                $1 == ENVIRON["GEUSE_ADDRESS"] {
                    for (i = 2; i <= NF; i++)
                        if (match($i, /^fs-[0-9a-f]+/)) print substr($i, 1, RLENGTH)
                }' "$root/etc/hosts" 2>/dev/null | tail -n 1)
        }

        # Reads and writes on the mount within ten seconds. It runs in the background and its end is
        # waited for by the clock: on a hung NFS mount even SIGKILL may not end it.
        probe() {
            rm -f "$work/probed"
            { probe_steps >"$work/probe" 2>"$work/probe.err"; echo $? >"$work/probed"; } \
                </dev/null >/dev/null 2>&1 9>&- &
            probing=$!
            ticks=0
            until [ -s "$work/probed" ]; do
                if [ "$ticks" -ge 200 ]; then
                    kill -9 "$probing" 2>/dev/null
                    answer=hung
                    return 0
                fi
                sleep 0.05
                ticks=$((ticks + 1))
            done
            read -r status <"$work/probed"
            case $status in
                0) answer=answered ;;
                124 | 137) answer=hung ;;
                *) answer=failed ;;
            esac
        }

        timed() { timeout -s KILL 9 "$@"; }

        # Runs what may meet the mount and takes a moment, in the background as the probe; what it says is in
        # $work/quick. Status 124 where it does not end.
        quickly() {
            rm -f "$work/quick.end"
            { timed "$@" >"$work/quick" 2>"$work/quick.err"; echo $? >"$work/quick.end"; } \
                </dev/null >/dev/null 2>&1 9>&- &
            quick=$!
            quick_ticks=0
            until [ -s "$work/quick.end" ]; do
                if [ "$quick_ticks" -ge 500 ]; then
                    kill -9 "$quick" 2>/dev/null
                    : >"$work/quick"
                    return 124
                fi
                sleep 0.02
                quick_ticks=$((quick_ticks + 1))
            done
            read -r quick_status <"$work/quick.end"
            [ "$quick_status" != 137 ] || quick_status=124
            return "$quick_status"
        }

        probe_steps() {
            timed ls -a -- "$mount" >/dev/null || return
            # Nothing is written before it is sure where: what lies there has to be what the kernel lists.
            # Of btrfs alone it lists another device than stat shows.
            device=$(timed stat -L -c %d -- "$mount") || return
            if [ "$type" != btrfs ] && [ "$device" != "$(device_number "$mount_device")" ]; then
                echo "elsewhere $device"
                return 0
            fi
            if [ "$writable" = yes ]; then
                timed mkdir -p "$mount/.geusemaker" || return
                file=$mount/.geusemaker/probe.$$
                echo "probe $$" | timed tee "$file" >/dev/null || return
                timed sync "$file" || return
                [ "$(timed cat "$file")" = "probe $$" ] || return 1
                timed rm -f "$file"
            fi
            if timed test -f "$mount/.geusemaker/nonce"; then
                echo "nonce $(timed head -c 64 "$mount/.geusemaker/nonce" | tr -cd 0-9a-f)"
            fi
            top=$(timed readlink -f -- "$mount") || return
            while IFS= read -r path; do
                # What is missing yet would be made under its nearest directory that is there.
                real=$path
                until [ -e "$real" ] || [ -h "$real" ] || [ -z "$real" ]; do real=${real%/*}; done
                lies=no
                if target=$(timed readlink -f -- "${real:-/}") && [ -e "$target" ]; then
                    # What is reached by another path need not be found below this one.
                    case $target/:$path/ in
                        "$top"/* | *:"$mount"/*) within=$target/ ;;
                        *) within=$top/ ;;
                    esac
                    case $within in
                        "$top"/*)
                            if [ "$(timed stat -L -c %d -- "$target")" = "$device" ]; then lies=yes; fi
                            ;;
                    esac
                fi
                echo "volume $lies $(printf %s "$path" | encode)"
            done <"$work/binds"
        }

        # Named volumes of the containers in $ids that are no directories of docker's own, in $work/volumes: where
        # docker mounts it, name, bind or network, device. The other options stay here: they may hold a password.
        find_volumes() {
            : >"$work/volumes"
            [ -s "$work/ids" ] || return 0
            # shellcheck disable=SC2046 # ids are hexadecimal words
            names=$(dk inspect --type container --format "$name_format" $(cat "$work/ids") 2>/dev/null |
                grep '^[A-Za-z0-9][A-Za-z0-9_.-]*$' | sort -u | tr '\n' ' ')
            [ -n "$names" ] || return 0
            # shellcheck disable=SC2086
            dk volume inspect --format "$volume_format" $names 2>/dev/null | awk -F '\t' '
                ($3 == "" || $3 == "none" || $3 == "bind") && $5 ~ /^\// &&
                    ("," $4 ",") ~ /,r?bind,/ { print $1 "\t" $2 "\tbind\t" $5 }
                $3 ~ /^nfs/ { print $1 "\t" $2 "\tnetwork\t" $5 }' >"$work/volumes"
        }
        name_format='{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}'
        volume_format='{{.Mountpoint}}{{"\t"}}{{.Name}}{{"\t"}}{{index .Options "type"}}{{"\t"}}'
        volume_format=$volume_format'{{index .Options "o"}}{{"\t"}}{{index .Options "device"}}'

        # Running containers that have another file system where the mount's data should be: those that
        # were started before it was mounted keep the root disk (proc(5), mountinfo, field 3).
        find_strays() {
            : >"$work/strays"
            cat "$work/ids" "$work/foreign.ids" >"$work/stray.ids" 2>/dev/null
            if [ "$mounted" = no ] || [ ! -s "$work/stray.ids" ]; then return 0; fi
            # shellcheck disable=SC2046 # ids are hexadecimal words
            dk inspect --type container --format "$bind_format" $(cat "$work/stray.ids") 2>/dev/null |
                while IFS='	' read -r pid service path inside; do
                    device=$(GEUSE_PATH=$path awk -F '\t' '
                        $1 == ENVIRON["GEUSE_PATH"] && $3 == "bind" { print $4; exit }' \
                        "$work/volumes" 2>/dev/null)
                    path=${device:-$path}
                    case ${pid:-0}:$path in
                        0:*) continue ;;
                        *:"$mount" | *:"$mount"/*) ;;
                        *) grep -qxF -- "$path" "$work/aliases" 2>/dev/null || continue ;;
                    esac
                    list=$root/proc/$pid/mountinfo
                    # One that ends has the file, and it cannot be opened any more. (The files of proc have no size.)
                    cat "$list" >"$work/inside" 2>/dev/null || continue
                    found=$(visible_mount "$work/inside" "$inside" | cut -d ' ' -f 4)
                    # docker follows the links of an image before it mounts: /var/run/x lies at /run/x. What is
                    # bound is known by its place in the file system, too.
                    [ -n "$found" ] || found=$(GEUSE_END=/${inside##*/} GEUSE_REST=${path#"$mount"} awk "$plain_text"'
                        function ends(s, with) {
                            return with != "" && length(s) >= length(with) &&
                                substr(s, length(s) - length(with) + 1) == with
                        }
                        ends(plain($5), ENVIRON["GEUSE_END"]) || ends(plain($4), ENVIRON["GEUSE_REST"]) { print $3 }' \
                        "$work/inside" | grep -xF -e "$mount_device" | head -n 1)
                    if [ "$found" != "$mount_device" ]; then
                        printf '%s:%s\n' "${service#/}" "$inside" >>"$work/strays"
                    fi
                done
        }
        bind_format='{{$pid := .State.Pid}}{{$service := or (index .Config.Labels "com.docker.compose.service") .Name}}'
        bind_format=$bind_format'{{range .Mounts}}{{if or (eq .Type "bind") (eq .Type "volume")}}'
        bind_format=$bind_format'{{$pid}}{{"\t"}}{{$service}}{{"\t"}}'
        bind_format=$bind_format'{{.Source}}{{"\t"}}{{println .Destination}}{{end}}{{end}}'

        # Why efs-utils could not mount, in its own words (its log; efs-utils README, "Logging").
        mount_refusal() {
            tail -n 50 "$root/var/log/amazon/efs/mount.log" 2>/dev/null |
                grep -i 'denied\|error\|fail' | tail -n 1
        }

        # Whether the path leads to something else than what is listed as mounted there.
        is_elsewhere() { grep -q '^elsewhere ' "$work/probe"; }

        # Looks at the mount and puts what it saw in the payload. $1: file of paths that must lie on it.
        look() {
            find_mount
            cp "$1" "$work/binds"
            : >"$work/probe"
            : >"$work/probe.err"
            if [ "$mounted" = yes ]; then
                probe
                # An automount mounts when it is looked into; what was found then counts.
                if is_elsewhere; then mount_facts; if [ "$mounted" = yes ]; then probe; fi; fi
                if is_elsewhere; then
                    mounted=no answer=failed
                    echo "The kernel lists $mount_device there, and what the path leads to is another device." \
                        >"$work/probe.err"
                fi
            else
                { hidden_mount "$root/proc/self/mountinfo" | grep . || mount_refusal; } >"$work/probe.err"
            fi
            find_strays
            if [ -n "$nonce" ]; then
                nonce_found=no
                if [ "$(sed -n 's/^nonce //p' "$work/probe")" = "$nonce" ]; then nonce_found=yes; fi
            fi
            grep -v '^\(mount\|volume\|stray\) ' "$work/payload" >"$work/rest"
            cp "$work/rest" "$work/payload"
            printf 'mount %s %s %s %s %s\n' "$mounted" "$writable" "$answer" "$nonce_found" \
                "$(printf '%s\n%s\n%s\n%s' "$type" "$source" "$tunnel" \
                    "$(head -c 300 "$work/probe.err")" | encode)" >>"$work/payload"
            sed -n 's/^\(volume [a-z]* [A-Za-z0-9+/=]*\)$/\1/p' "$work/probe" >>"$work/payload"
            while IFS= read -r stray; do put stray "$stray"; done <"$work/strays"
        }

        # Whether what was mounted is not there any more (ESTALE, which the tools tell by its text alone).
        is_stale() {
            [ "$answer" = failed ] && head -c 300 "$work/probe.err" | grep -q 'Stale \(NFS \)*file handle'
        }

        # Whether root itself may not read or write (EACCES, EPERM): the file system's policy says so.
        is_denied() {
            [ "$answer" = failed ] &&
                head -c 300 "$work/probe.err" | grep -q 'Permission denied\|Operation not permitted'
        }

        # The rules of StorageProof, held here too: the reason why nothing may be started, or nothing.
        objection() {
            if [ "$mounted" != yes ]; then echo efs_not_mounted; return; fi
            network=no
            for word in $G_TYPES; do
                if [ "$(decode "$word")" = "$type" ]; then network=yes; fi
            done
            if [ "$network" = no ]; then echo efs_not_network; return; fi
            if [ -n "$filesystem" ]; then
                # FS, FS.efs.REGION.amazonaws.com or ZONE.FS.efs.REGION.amazonaws.com.
                case $address in
                    "$filesystem" | "$filesystem".* | *."$filesystem".*) ;;
                    *)
                        if [ "$tunnel" != "$filesystem" ]; then
                            echo efs_wrong_file_system
                            return
                        fi
                        ;;
                esac
            fi
            if [ "$writable" != yes ]; then echo efs_read_only; return; fi
            if [ "$answer" = hung ]; then echo efs_hung; return; fi
            if is_stale; then echo efs_stale; return; fi
            if is_denied; then echo efs_denied; return; fi
            if [ "$answer" != answered ]; then echo efs_failed; return; fi
            if [ "$nonce_found" = no ]; then echo efs_nonce_missing; return; fi
            if grep -q '^volume no ' "$work/probe"; then echo efs_volume_outside; return; fi
            if [ -s "$work/strays" ]; then echo efs_container_outside; fi
        }
        """#
}
