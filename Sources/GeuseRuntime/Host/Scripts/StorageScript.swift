extension HostScript {
    /// The mount: what the kernel says, a timed read and write, and the rules of `StorageProof`.
    static let storage = #"""
        # What the kernel says of the mount point (proc(5), mountinfo); the last line is the one on top.
        mount_facts() {
            mounted=no writable=no answer=failed nonce_found=none
            type='' source='' tunnel='' mount_device=''
            line=$(GEUSE_MOUNT=$mount awk '
                function plain(s,   out, code) {
                    out = ""
                    while (match(s, /\\[0-7][0-7][0-7]/)) {
                        code = substr(s, RSTART + 1, 1) * 64 + substr(s, RSTART + 2, 1) * 8 \
                            + substr(s, RSTART + 3, 1)
                        out = out substr(s, 1, RSTART - 1) sprintf("%c", code)
                        s = substr(s, RSTART + 4)
                    }
                    return out s
                }
                plain($5) == ENVIRON["GEUSE_MOUNT"] {
                    for (i = 7; i <= NF && $i != "-"; i++) { }
                    rw = (("," $6 ",") ~ /,rw,/ && ("," $(i + 3) ",") ~ /,rw,/) ? "yes" : "no"
                    port = $(i + 3); if (!sub(/^.*,port=/, "", port)) port = ""; sub(/,.*$/, "", port)
                    found = $(i + 1) " " $(i + 2) " " rw " " $3 " " port
                }
                END { print found }' "$root/proc/self/mountinfo")
            if [ -z "$line" ]; then return 0; fi
            mounted=yes
            type=${line%% *}; line=${line#* }
            source=${line%% *}; line=${line#* }
            writable=${line%% *}; line=${line#* }
            mount_device=${line%% *}; port=${line#* }
            find_tunnel
        }

        # The file system behind an address that does not name it. efs-utils keeps a state file
        # FS.PATH.PORT in /var/run/efs for each mount, PATH with dots for slashes.
        find_tunnel() {
            case ${source%%:*} in fs-* | *.fs-*) return 0 ;; esac
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
            tunnel=$(GEUSE_ADDRESS=${source%%:*} awk '
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

        probe_steps() {
            timed ls -a -- "$mount" >/dev/null || return
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
            device=$(timed stat -L -c %d -- "$mount") || return
            while IFS= read -r path; do
                # What is missing yet would be made under its nearest directory that is there.
                real=$path
                until [ -e "$real" ] || [ -h "$real" ] || [ -z "$real" ]; do real=${real%/*}; done
                lies=no
                if target=$(timed readlink -f -- "${real:-/}") && [ -e "$target" ]; then
                    case $target/ in
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
            if [ "$mounted" = no ] || [ ! -s "$work/ids" ]; then return 0; fi
            # shellcheck disable=SC2046 # ids are hexadecimal words
            dk inspect --type container --format "$bind_format" $(cat "$work/ids") 2>/dev/null |
                while IFS='	' read -r pid service path inside; do
                    device=$(GEUSE_PATH=$path awk -F '\t' '
                        $1 == ENVIRON["GEUSE_PATH"] && $3 == "bind" { print $4; exit }' \
                        "$work/volumes" 2>/dev/null)
                    path=${device:-$path}
                    case ${pid:-0}:$path in
                        0:*) continue ;;
                        *:"$mount" | *:"$mount"/*) ;;
                        *) continue ;;
                    esac
                    found=$(GEUSE_INSIDE=$inside awk '$5 == ENVIRON["GEUSE_INSIDE"] { found = $3 }
                        END { print found }' "$root/proc/$pid/mountinfo" 2>/dev/null)
                    if [ -n "$found" ] && [ "$found" != "$mount_device" ]; then
                        printf '%s:%s\n' "$service" "$inside" >>"$work/strays"
                    fi
                done
        }
        bind_format='{{$pid := .State.Pid}}{{$service := index .Config.Labels "com.docker.compose.service"}}'
        bind_format=$bind_format'{{range .Mounts}}{{if or (eq .Type "bind") (eq .Type "volume")}}'
        bind_format=$bind_format'{{$pid}}{{"\t"}}{{$service}}{{"\t"}}'
        bind_format=$bind_format'{{.Source}}{{"\t"}}{{println .Destination}}{{end}}{{end}}'

        # Why efs-utils could not mount, in its own words (its log; efs-utils README, "Logging").
        mount_refusal() {
            tail -n 50 "$root/var/log/amazon/efs/mount.log" 2>/dev/null |
                grep -i 'denied\|error\|fail' | tail -n 1
        }

        # Looks at the mount and puts what it saw in the payload. $1: file of paths that must lie on it.
        look() {
            mount_facts
            cp "$1" "$work/binds"
            : >"$work/probe"
            : >"$work/probe.err"
            if [ "$mounted" = yes ]; then probe; else mount_refusal >"$work/probe.err"; fi
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
                case ${source%%:*} in
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
