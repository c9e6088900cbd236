extension HostScript {
    /// Proof, edit, up, health.
    static let apply = #"""
        value "$G_CHANGE"; change=$decoded
        value "$G_SHA256"; wanted=$decoded
        value "$G_SAVED"; saved=$decoded
        value "$G_HEALTH"; health_limit=$decoded
        value "$G_SETTLE"; settle=$decoded
        value "$G_QUIET"; quiet=$decoded
        value "$G_ALONE"; alone=$decoded
        value "$G_GRACE"; grace=$decoded
        value "$G_STOPPED"; stopped=$decoded
        copy=${file%/*}/.geusemaker-$step.yml
        begin

        # Ends with the stage that was not passed, why, and how things stand.
        end_at() {
            containers || :
            if [ ! -e "$work/config" ] && [ "$answer" != hung ]; then
                limit=20
                find_profiles
                dc "$file" config >"$work/config" 2>/dev/null || : >"$work/config"
            fi
            if [ -s "$work/config" ]; then
                tell_services
            fi
            # The file itself may lie on a mount that does not answer.
            quickly sh -c 'sha256sum <"$1"' sh "$file" || : >"$work/quick"
            sum=$(cat "$work/quick")
            raw sha256 "${sum%% *}"
            if [ -s "$work/config" ]; then tell_resolved; fi
            raw stage "$1"
            raw reason "$2 $(printf %s "${3-}" | head -c 3000 | encode)"
            if [ "$1" = done ]; then
                forget_profiles
                end_lease
            fi
            finish done
        }

        # A stale mount is made anew, once: only where fstab can, and while no service runs, since one that
        # does would keep the old mount.
        remounted=no
        remount() {
            [ "$remounted" = no ] && [ -z "$(project_ids)" ] && in_fstab || return 1
            remounted=yes
            timeout -k 1 20 umount -l "$mount" >/dev/null 2>&1 </dev/null 9>&- &&
                timeout -k 1 60 mount "$mount" >/dev/null 2>&1 </dev/null 9>&-
        }
        # One that did not come at boot is mounted, once, where fstab has it and nothing mounts it just now.
        mount_again() {
            [ "$remounted" = no ] && [ -z "$(project_ids)" ] && in_fstab || return 1
            unit=$(systemd-escape -p --suffix=mount -- "$mount" 2>/dev/null)
            case $(timeout -k 1 5 systemctl is-active -- "$unit" 2>/dev/null </dev/null 9>&-) in
                activating | reloading) return 1 ;;
            esac
            remounted=yes
            timeout -k 1 30 mount "$mount" >/dev/null 2>&1 </dev/null 9>&-
        }
        project_ids() {
            dk ps -q --no-trunc --filter "label=com.docker.compose.project=$project" 2>/dev/null ||
                # Below a docker that is dead nothing is in the way of the mount that docker may wait for.
                [ "$(docker_stands)" = dead ] || echo unknown
        }
        in_fstab() {
            GEUSE_MOUNT=$mount awk '$1 !~ /^#/ && $2 == ENVIRON["GEUSE_MOUNT"] { found = 1 }
                END { exit !found }' "$root/etc/fstab" 2>/dev/null
        }

        # Stops at the proof: nothing was edited and nothing started.
        prove() {
            look "$work/sorted"
            why=$(objection)
            again=false
            case $why in
                efs_stale) again=remount ;;
                efs_not_mounted) stop_unproven; again=mount_again ;;
                efs_container_outside) again=stop_unproven ;;
            esac
            if "$again"; then
                look "$work/sorted"
                why=$(objection)
            fi
            if [ -n "$why" ]; then end_at proof "$why" "$mount"; fi
        }

        # Writes the edited bytes to the copy: each old text must stand where the edit says.
        edit_copy() {
            [ "$(sha256_of "$file")" = "$wanted" ] || end_at edit compose_changed "$file"
            for word in $overrides; do
                other=$(decode "${word%%:*}")
                [ "$(sha256_of "$other")" = "$(decode "${word#*:}")" ] || end_at edit compose_changed "$other"
            done
            position=0
            : >"$work/edited"
            for word in $G_EDITS; do
                offset=$(decode "${word%%:*}")
                rest=${word#*:}
                decode "${rest%%:*}" >"$work/old"
                decode "${rest#*:}" >"$work/new"
                size=$(wc -c <"$work/old")
                part "$position" $((offset - position)) >>"$work/edited"
                part "$offset" "$size" | cmp -s - "$work/old" || end_at edit compose_changed "$file"
                cat "$work/new" >>"$work/edited"
                position=$((offset + size))
            done
            tail -c "+$((position + 1))" "$file" >>"$work/edited"
            cat "$work/edited" >"$copy"
        }

        sha256_of() { sum=$(sha256sum <"$1" 2>/dev/null) && printf %s "${sum%% *}"; }
        part() { if [ "$2" -gt 0 ]; then tail -c "+$(($1 + 1))" "$file" 2>/dev/null | head -c "$2"; fi; }

        # Checks the copy as compose reads it, then puts it in place of the file.
        adopt_copy() {
            dc "$copy" config >"$work/candidate" 2>"$work/err" ||
                end_at edit compose_config_failed "$(first_lines 5 "$work/err")"
            images_of "$work/candidate" >"$work/resolved"
            for word in $G_EXPECTED; do
                name=$(decode "${word%%:*}")
                image=$(decode "${word#*:}")
                found=$(GEUSE_NAME=$name awk -F '\t' '$1 == ENVIRON["GEUSE_NAME"] { print $2 }' \
                    "$work/resolved")
                [ "$found" = "$image" ] || end_at edit compose_image_mismatch "$name: $found"
            done
            all_binds_of "$work/candidate" >"$work/candidate.binds"
            lead_to_mount "$work/candidate.binds" | sort -u - "$work/sorted" >"$work/all"
            mv "$work/all" "$work/sorted"
            prove
            { sync "$copy" && mv -f "$copy" "$file" && sync "${file%/*}"; } 2>"$work/err" ||
                end_at edit compose_write_failed "$(cat "$work/err")"
            mv "$work/candidate" "$work/config"
        }

        # The paths of what runs and of what the file says now: all of them must lie on the mount.
        find_compose
        read_checks
        if [ -s "$work/checks" ]; then find_askers; fi
        # An undo brings everything up first: nothing is in its way for want of a program that asks.
        if [ "$change" != restore ]; then
            without=$(unaskable)
            if [ -n "$without" ]; then fail probe_no_tool "$without"; fi
        fi
        # What compose reads may lie on the mount itself: that is proven before a file is looked at.
        : >"$work/sorted"
        containers || { await_docker start && containers; } || fail docker_unavailable "$(cat "$work/err")"
        prove
        trap 'rm -rf "$work"; rm -f "$copy"' EXIT
        if [ -h "$file" ]; then fail compose_file_is_symlink "$file"; fi
        [ -f "$file" ] || [ "$change" = restore ] || fail compose_file_missing "$file"
        rm -f "${file%/*}"/.geusemaker-*.yml
        find_profiles
        if ! dc "$file" config >"$work/config" 2>"$work/err"; then
            : >"$work/config"
            [ "$change" = restore ] ||
                end_at edit compose_config_failed "$(first_lines 5 "$work/err")"
        fi
        bound_paths >"$work/sorted"
        prove
        compare_data

        case $change in
            none)
                cp -p "$file" "$copy" 2>"$work/err" || end_at edit compose_write_failed "$(cat "$work/err")"
                adopt=no
                ;;
            edits)
                cp -p "$file" "$copy" 2>"$work/err" || end_at edit compose_write_failed "$(cat "$work/err")"
                edit_copy
                adopt=yes
                ;;
            restore)
                # The second copy, on EFS, stands in for one that is lost or damaged.
                other=$mount/.geusemaker/backups/${saved#*/geusemaker/backups/}
                if [ "$(sha256_of "$saved")" != "$wanted" ] && [ "$(sha256_of "$other")" = "$wanted" ]
                then saved=$other; fi
                [ "$(sha256_of "$saved")" = "$wanted" ] || end_at edit compose_backup_damaged "$saved"
                adopt=yes
                if [ "$(sha256_of "$file")" = "$wanted" ]; then adopt=no; fi
                { if [ -f "$file" ]; then cp -p "$file" "$copy"; fi && cat "$saved" >"$copy"; } \
                    2>"$work/err" || end_at edit compose_write_failed "$(cat "$work/err")"
                [ "$(sha256_of "$copy")" = "$wanted" ] || end_at edit compose_write_failed "$copy"
                ;;
            *) fail host_request "$change" ;;
        esac
        # A tag may have moved since, and an image may have been pruned: what ran has to run again.
        # The registry may have it under its digest, or under its name still.
        restore_image() {
            had=$(image_id "$1") said=
            for source in "$3" "$1"; do
                [ -n "$source" ] && [ "$(image_id "$2")" != "$2" ] || continue
                dk pull -q -- "$source" >"$work/out" 2>"$work/err" || said=$(first_lines 3 "$work/err")
            done
            if [ "$(image_id "$2")" != "$2" ]; then
                # A name that a pull has moved stands for what it stood for.
                case $1 in *@*) ;; *) if [ -n "$had" ]; then dk tag "$had" "$1" 2>/dev/null; fi ;; esac
                end_at edit image_lost "$1 ($2)${said:+: $said}"
            fi
            [ "$(image_id "$1")" != "$2" ] || return 0
            case $1 in
                # A name with a digest is given by a pull alone.
                *@*) dk pull -q -- "$1" >"$work/out" 2>"$work/err" && [ "$(image_id "$1")" = "$2" ] ;;
                *) dk tag "$2" "$1" 2>"$work/err" ;;
            esac || end_at edit image_lost "$1: $(first_lines 3 "$work/err")"
        }
        image_id() {
            dk image inspect --format "$image_format" -- "$1" 2>/dev/null |
                sed -n 's/^{"id":"\([^"]*\)".*/\1/p'
        }
        for word in $G_RESTORED; do
            rest=${word#*:}
            restore_image "$(decode "${word%%:*}")" "$(decode "${rest%%:*}")" "$(decode "${rest#*:}")"
        done
        # What an undo replaces may hold edits of somebody's own; a copy that fails stops no undo.
        if [ "$change$adopt" = restoreyes ] && [ -f "$file" ]; then
            cp -p "$file" "${saved%/*}/replaced.$(sha256_of "$file" | head -c 16).yml" 2>/dev/null
        fi
        if [ "$adopt" = yes ]; then adopt_copy; fi
        rm -f "$copy"

        set --
        for word in $G_SERVICES; do set -- "$@" "$(decode "$word")"; done
        images_of "$work/config" | cut -f 1 >"$work/names"
        if [ $# -gt 0 ]; then printf '%s\n' "$@" >"$work/names"; fi
        # Nobody waits for what the file asks no container of.
        unwanted_of "$work/config" >"$work/unwanted"
        without "$work/unwanted" "$work/names" >"$work/awaited"
        mv "$work/awaited" "$work/names"

        find_lasting

        # compose starts none that is paused, and an undo has to.
        if [ "$change" = restore ]; then
            paused=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*"state":"paused".*/\1/p' "$work/containers" 2>/dev/null)
            # shellcheck disable=SC2086 # ids are hexadecimal words
            if [ -n "$paused" ]; then dk unpause $paused >/dev/null 2>&1 || :; fi
        fi

        up() {
            limit=$((health_limit + grace))
            # shellcheck disable=SC2086 # two words or none
            dc "$file" up -d --no-build $never ${alone:+--no-deps} "$@" >"$work/out" 2>&1
        }

        # A restart: what is stopped here comes up again below, on the mount that was just proven.
        if [ -n "$G_RESTARTS" ]; then
            for word in $G_RESTARTS; do
                limit=$((grace + 30))
                dc "$file" stop -t "$grace" "$(decode "$word")" >"$work/out" 2>&1 ||
                    end_at up compose_stop_failed "$(last_lines 10 "$work/out")"
            done
        fi

        forget_data
        find_never
        give_policies_back
        tell_held
        if ! up "$@"; then
            # A dependency that was slow to become healthy deserves one more try.
            tried=failed
            if states | awk '$3 == "starting" || $3 == "unhealthy" { found = 1 } END { exit !found }'; then
                up "$@" && tried=
            fi
            if [ -n "$tried" ]; then end_at up compose_up_failed "$(last_lines 10 "$work/out")"; fi
        fi

        # The first of the services that have to see a GPU and do not.
        without_gpu() {
            for word in $G_GPU; do
                name=$(decode "$word")
                id=$(awk -v name="$name" '$1 == name { print $5; exit }' "$work/states")
                pid=$(dk inspect --type container --format '{{.State.Pid}}' "$id" 2>/dev/null)
                if [ "$(gpu_of "$pid" "$id")" != yes ]; then
                    raw nogpu "$word"
                    echo "$name"
                    return
                fi
            done
        }

        # Waits until every service runs and is healthy, or has done its work, and no restart was counted for
        # the settle time.
        # One with a limit of its own may be unhealthy until then: some are while they migrate their data.
        now() { date +%s; }
        began=$(now)
        deadline=$((began + latest))
        calm_since=$began
        limit=30
        first=
        before=
        sick=0
        settled=no
        while :; do
            states >"$work/states"
            counts=$(awk '{ print $5, $4 }' "$work/states" | sort)
            [ -n "$first" ] || first=$counts
            if [ "$counts" != "$before" ]; then calm_since=$(now); before=$counts; fi
            printf '%s\n' "$first" >"$work/first"
            verdict=$(judged)
            if [ "$verdict" = well ] && [ -s "$work/checks" ]; then
                name=$(unanswered)
                case $name in '?'*) end_at health probe_no_tool "${name#?}" ;; esac
                if [ -n "$name" ]; then
                    verdict="unanswered $name"
                    calm_since=$(now)
                    own=$(GEUSE_NAME=$name awk '$1 == ENVIRON["GEUSE_NAME"] && $2 != "-" { print $2 }' \
                        "$work/checks")
                    if [ $(($(now) - began)) -ge "${own:-$health_limit}" ]; then sick=3; fi
                fi
            fi
            case $verdict in
                well)
                    sick=0
                    if [ $(($(now) - calm_since)) -ge "$settle" ] && [ -z "$(young)" ]; then settled=yes; fi
                    ;;
                exited\ * | restarting\ * | late\ *) sick=3 ;;
                unanswered\ *) ;;
                unhealthy\ *) sick=$((sick + 1)) ;;
                *) sick=0 ;;
            esac
            if [ "$settled" = yes ] || [ "$sick" -ge 3 ]; then break; fi
            # What is well at the limit has its settle time besides.
            late=$(($(now) - deadline))
            if [ "$late" -ge "$longest" ] || { [ "$late" -ge 0 ] && [ "$verdict" != well ]; }; then break; fi
            sleep 1
        done
        verdict=$(printf %s "$verdict" | sed 's/^late /waiting /')

        containers || :
        look "$work/sorted"
        if [ "$settled" = yes ]; then
            why=$(objection)
            if [ -n "$why" ]; then end_at health "$why" "$mount"; fi
            without=$(without_gpu)
            if [ -n "$without" ]; then end_at health service_without_gpu "$without"; fi
            end_at done none ''
        fi
        while read -r name state health restarts id code started policy; do
            case "$state $health" in 'running healthy' | 'running none') continue ;; esac
            case $state:$code:$policy in
                exited:0: | exited:0:no | exited:0:on-failure)
                    grep -qxF -- "$name" "$work/lasting" || continue
                    ;;
            esac
            log=$(exec 9>&-; log_of "$id")
            raw log "$(printf %s "$name" | encode) $(printf %s "$log" | encode)"
        done <"$work/states"
        end_at health "service_${verdict%% *}" "${verdict#* }"
        """#
}
