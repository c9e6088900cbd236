extension HostScript {
    /// Reads everything that a plan, a proof or a report needs.
    static let inspect = #"""
        value "$G_MOUNT"; mount=$decoded
        value "$G_FILESYSTEM"; filesystem=$decoded
        value "$G_NONCE"; nonce=$decoded
        project='' directory='' environment='' file='' unread=''

        dk version --format '{{.Server.Version}}' >"$work/version" 2>"$work/err" ||
            fail docker_unavailable "$(cat "$work/err")"
        # Registries are asked meanwhile.
        if [ -n "$G_LOOKUPS" ]; then look_ups look_up "$G_LOOKUPS"; fi
        raw docker "$(head -n 1 "$work/version" | tr -cd 'A-Za-z0-9.+~_-')"
        find_compose
        raw compose "$(printf %s "$compose_version" | tr -cd 'A-Za-z0-9.+~_-')"
        # What compose reads may lie on the mount: one that does not answer is known before it is asked.
        : >"$work/none"
        look "$work/none"
        # Fails for what is wrong with the mount, if something is; else with a code and evidence.
        fail_or_storage() {
            G_TYPES=$(printf %s "$type" | encode)
            why=$(objection)
            [ -z "$why" ] || fail "$why" "$mount"
            fail "$@"
        }
        # The configuration, sooner given up where what it takes may never come.
        read_config() {
            if [ "$mounted:$answer" = yes:hung ]; then limit=10; fi
            dc "$file" config >"$work/config" 2>"$work/err" ||
                fail_or_storage compose_config_failed "$(first_lines 5 "$work/err")"
        }
        raw machine "$(uname -m | tr -cd 'A-Za-z0-9._-')"
        top=$(dk info --format '{{.DockerRootDir}}' 2>/dev/null)
        timeout -k 1 10 df -P -k "${top:-/}" >"$work/df" 2>/dev/null || :
        raw free "$(awk 'NR == 2 { print $4 }' "$work/df")"
        # The disk itself, that of a partition, and those below a RAID or a logical volume.
        disk=$(awk 'NR == 2 && $1 ~ /^\/dev\// { print $1 }' "$work/df")
        if [ -n "$disk" ]; then
            disk=$(readlink -f -- "$root$disk" 2>/dev/null)
            set -- "$root/sys/class/block/${disk##*/}"
            if cat "$1/device/model" "$1/../device/model" "$1"/slaves/*/device/model \
                "$1"/slaves/*/../device/model 2>/dev/null | grep -q 'Instance Storage'
            then raw store yes; fi
        fi
        # A file system without a fixed number of inodes (btrfs) says that it has none at all.
        raw inodes "$(timeout -k 1 10 df -P -i "${top:-/}" 2>/dev/null | awk 'NR == 2 && $2 > 0 { print $4 }')"

        # A label of a container; empty where there is none.
        label_of() {
            dk inspect --type container --format "{{index .Config.Labels \"com.docker.compose.$2\"}}" "$1" \
                2>/dev/null | sed 's/^<no value>$//'
        }

        # The files of a label, with commas between them: the first one, and those that compose reads on it.
        split_files() {
            rest=$1,
            file=
            while [ -n "$rest" ]; do
                one=${rest%%,*}
                rest=${rest#*,}
                case $one in /*) ;; *) one=$directory/$one ;; esac
                if [ -z "$file" ]; then file=$one; continue; fi
                quickly test -f "$one" || fail_or_storage compose_file_missing "$one"
                overrides="$overrides$(printf %s "$one" | encode) "
            done
        }
        # The first of these names that is a file in a directory.
        first_of() {
            within=$1
            shift
            for name in "$@"; do
                if [ -f "$within/$name" ]; then printf %s "$within/$name"; return; fi
            done
        }

        # The project: that of the running containers, else of those that stopped.
        dk ps -a --no-trunc --filter label=com.docker.compose.project \
            --format '{{.State}} {{.ID}} {{.Label "com.docker.compose.project"}}' \
            >"$work/all" 2>"$work/err" || fail docker_unavailable "$(cat "$work/err")"
        awk '$1 == "running"' "$work/all" >"$work/found"
        [ -s "$work/found" ] || cp "$work/all" "$work/found"
        projects=$(awk '!seen[$3]++ { print $3 }' "$work/found")
        if [ "$(printf '%s\n' "$projects" | wc -l)" -gt 1 ]; then
            # Of several projects the one in a place of GeuseMaker's is meant, if it is only one.
            chosen=$(for name in $projects; do
                id=$(GEUSE_NAME=$name awk '$3 == ENVIRON["GEUSE_NAME"] { print $2; exit }' "$work/found")
                first=$(label_of "$id" project.config_files)
                case ${first%%,*} in
                    "$root"/opt/geusemaker/* | "$root"/root/docker-compose.y*ml | "$root"/root/compose.y*ml)
                        echo "$name"
                        ;;
                esac
            done)
            case $chosen in
                '' | *[!a-z0-9_-]*) fail compose_several_projects "$projects" ;;
            esac
            projects=$chosen
            GEUSE_NAME=$chosen awk '$3 == ENVIRON["GEUSE_NAME"]' "$work/found" >"$work/chosen"
            cp "$work/chosen" "$work/found"
        fi
        if [ -n "$projects" ]; then
            id=$(awk 'NR == 1 { print $2 }' "$work/found")
            project=$projects
            file=$(label_of "$id" project.config_files)
            directory=$(label_of "$id" project.working_dir)
            env_label=$(label_of "$id" project.environment_file)
            # The old compose binary writes the names as they were given to it.
            case $file in
                *,*) quickly test -f "$file" || split_files "$file" ;;
                /* | '') ;;
                *) file=$directory/$file ;;
            esac
            [ -z "$file" ] || quickly test -f "$file" || fail_or_storage compose_file_missing "$file"
            if [ -n "$env_label" ]; then
                environment=$(printf '%s\n' "$env_label" | tr , '\n' | while IFS= read -r name; do
                    case $name in /*) ;; *) name=$directory/$name ;; esac
                    printf '%s ' "$(printf %s "$name" | encode)"
                done)
            fi
        fi
        if [ -z "$file" ]; then
            # The names that compose looks for, in its order (compose-go, DefaultFileNames), and one override.
            for candidate in opt/geusemaker opt/geusemaker/runtime root; do
                file=$(first_of "$root/$candidate" compose.yaml compose.yml docker-compose.yml docker-compose.yaml)
                [ -n "$file" ] || continue
                other=$(first_of "$root/$candidate" compose.override.yml compose.override.yaml \
                    docker-compose.override.yml docker-compose.override.yaml)
                if [ -n "$other" ]; then overrides=$(printf %s "$other" | encode); fi
                break
            done
        elif [ -z "$overrides" ]; then
            # One that what runs was started without, and that compose reads when it is started by hand.
            case ${file##*/} in
                compose.yaml | compose.yml | docker-compose.yml | docker-compose.yaml)
                    unread=$(first_of "${file%/*}" compose.override.yml compose.override.yaml \
                        docker-compose.override.yml docker-compose.override.yaml)
                    ;;
            esac
        fi
        [ -n "$file" ] || fail compose_not_found ''
        [ -n "$directory" ] || directory=${file%/*}

        # GeuseMaker exports runtime.env before it starts compose. Naming an environment file switches
        # compose's own .env off, so that one is named first.
        if [ -z "$environment" ]; then
            for candidate in "${file%/*}/runtime.env" "$root/opt/geusemaker/runtime.env"; do
                [ -f "$candidate" ] || continue
                if [ "$compose" = plugin ] && [ -f "$directory/.env" ]; then
                    environment="$(printf %s "$directory/.env" | encode) "
                fi
                environment=$environment$(printf %s "$candidate" | encode)
                break
            done
        fi

        # Of several environment files an older compose reads the last one alone (docker/compose, issue 10436).
        case $environment in
            *[!\ ]\ [!\ ]*)
                if compose_is_before 2 17; then fail compose_environment_files "$compose_version"; fi
                ;;
        esac

        read_config
        if [ -z "$project" ]; then
            project=$(sed -n 's/^name: *"\{0,1\}\([a-z0-9_-]*\)"\{0,1\} *$/\1/p' "$work/config" | head -n 1)
            [ -n "$project" ] ||
                project=$(printf %s "${directory##*/}" | tr 'A-Z' 'a-z' | tr -cd 'a-z0-9_-')
        fi
        # What runs with a profile is seen with it; what runs and is in none is an orphan.
        find_profiles
        if [ -n "${profiles-}" ]; then
            read_config
        fi
        limit=120
        tell_resolved
        images_of "$work/config" | cut -f 1 >"$work/known"
        without "$work/known" "$work/present" >"$work/orphans"
        while IFS= read -r name; do put orphan "$name"; done <"$work/orphans"
        leased
        put project "$project"
        put file "$file"
        put directory "$directory"
        if [ -n "$unread" ]; then put unread "$unread"; fi
        for word in $environment; do raw environment "$word"; done
        # The names alone that the environment files define; compose reads its own .env where none is given.
        names_in() {
            sed -n 's/^[ \t]*\(export[ \t]*\)\{0,1\}\([A-Za-z_][A-Za-z0-9_]*\)[ \t]*=.*$/\2/p' "$1" | head -n 200
        }
        shown=$environment
        if [ -z "$shown" ] && [ -f "$directory/.env" ]; then
            shown=$(printf %s "$directory/.env" | encode)
        fi
        for word in $shown; do
            raw variables "$word $(names_in "$(decode "$word")" 2>/dev/null | encode)"
        done
        tell_services

        ask_configuration
        containers || fail docker_unavailable "$(cat "$work/err")"
        tell_differences
        # What docker has under the names of the file: a tag may have moved, or have no image.
        images_of "$work/config" | cut -f 2 | sed '/^$/d' | sort -u >"$work/local.names"
        set --
        while IFS= read -r image; do set -- "$@" "$image"; done <"$work/local.names"
        if [ $# -gt 0 ]; then
            # One question for all: those that are there come in order, the others are named as errors.
            dk image inspect --format "$image_format" -- "$@" 2>"$work/err" |
                sed -n 's/^{"id":"\([^"]*\)".*/\1/p' >"$work/local.ids"
            sed -n 's/^.*[Nn]o such image: *//p' "$work/err" >"$work/local.missing"
            without "$work/local.missing" "$work/local.names" >"$work/local.there"
            while IFS= read -r image; do
                raw local "$(printf %s "$image" | encode) $(printf %s none | encode)"
            done <"$work/local.missing"
            if [ "$(wc -l <"$work/local.there")" = "$(wc -l <"$work/local.ids")" ]; then
                exec 3<"$work/local.ids"
                while IFS= read -r image && IFS= read -r id <&3; do
                    raw local "$(printf %s "$image" | encode) $(printf %s "$id" | encode)"
                done <"$work/local.there"
                exec 3<&-
            fi
        fi
        # Containers of others that have a part of the mount: started at boot they write beside it.
        foreign_format='{{$id := .ID}}{{$what := printf "%s\t%s\t%s" .Name (or .HostConfig.RestartPolicy.Name "no")'
        foreign_format=$foreign_format' .State.Status}}{{range .Mounts}}{{if eq .Type "bind"}}'
        foreign_format=$foreign_format'{{$id}}{{"\t"}}{{$what}}{{"\t"}}{{println .Source}}{{end}}{{end}}'
        find_foreign() {
            : >"$work/foreign.ids"
            dk ps -aq --no-trunc >"$work/every" 2>/dev/null
            without "$work/ids" "$work/every" >"$work/others" || return 0
            # shellcheck disable=SC2046 # ids are hexadecimal words
            dk inspect --type container --format "$foreign_format" $(cat "$work/others") 2>/dev/null |
                grep '	/' >"$work/foreign"
            cp "$work/aliases" "$work/own.aliases"
            cut -f 5- "$work/foreign" | sort -u >"$work/foreign.paths"
            lead_to_mount "$work/foreign.paths" >"$work/foreign.bound"
            cat "$work/own.aliases" >>"$work/aliases"
            awk -F '\t' '
                FILENAME == ARGV[1] { bound[$0] = 1; next }
                ($5 in bound) && !told[$1]++ { print $1 "\t" $2 "\t" $3 "\t" $4 }' "$work/foreign.bound" \
                "$work/foreign" >"$work/foreign.found"
            cut -f 1 "$work/foreign.found" >"$work/foreign.ids"
            while IFS='	' read -r id name policy state; do
                raw foreign "$(printf %s "${name#/}" | encode) $(printf %s "$policy" | encode) $(
                    printf %s "$state" | encode)"
            done <"$work/foreign.found"
        }
        bound_paths >"$work/sorted"
        find_foreign
        # One that hung is not asked a second time.
        if [ "$mounted:$answer" != yes:hung ]; then look "$work/sorted"; fi
        tell_boot_mount
        tell_docker_at_boot
        tell_boot_starts
        tell_held
        tell_stateful

        # The end of the line that masking adds to a file without one is left out.
        mask_file() {
            mask <"$1" >"$work/whole" || fail compose_unmasked "$1"
            head -c "$size" "$work/whole" >"$work/masked"
        }
        for word in $overrides; do
            other=$(decode "$word")
            size=$(wc -c <"$other")
            if [ "$size" -gt 1048576 ]; then fail compose_too_complex "$other: $size"; fi
            sum=$(sha256sum <"$other")
            mask_file "$other"
            raw override "$word ${sum%% *} $(encode <"$work/masked")"
        done
        size=$(wc -c <"$file")
        if [ "$size" -gt 1048576 ]; then fail compose_too_complex "$size"; fi
        sum=$(sha256sum <"$file")
        raw sha256 "${sum%% *}"
        mask_file "$file"
        printf 'bytes %s\n' "$(encode <"$work/masked")" >>"$work/payload"
        if [ -n "$G_LOOKUPS" ]; then looked_up drop; fi
        finish done
        """#
}
