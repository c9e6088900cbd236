/// The text of a `docker` command that keeps its world in files.
let fakeDocker = #"""
    #!/bin/sh
    # A docker that keeps its world in files. It fails loudly on any call that it does not know.
    set -u
    world=$DOCKER_WORLD
    printf '%s\n' "$*" >>"$world/calls"
    legacy=
    if [ "$1" = legacy ]; then
        legacy=yes
        shift
        set -- compose "$@"
    fi
    unknown() {
        printf '%s\n' "$*" >>"$world/unknown"
        echo "fake docker: unknown call: $*" >&2
        exit 99
    }
    # A daemon that comes later: so many calls of it find none.
    if [ -f "$world/late" ] && [ "$1" != compose ]; then
        late=$(cat "$world/late")
        if [ "$late" -gt 0 ]; then
            echo $((late - 1)) >"$world/late"
            echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2
            exit 1
        fi
    fi
    id_of() { printf %s "$1" | sha256sum | cut -d ' ' -f 1; }
    get() { cat "$world/containers/$1/$2" 2>/dev/null; }
    code_of() { code=$(get "$1" exit); echo "${code:-0}"; }
    # What docker keeps of a container: whether somebody stopped it.
    ended() { set_state "$1" config.v2.json "{\"State\":{},\"HasBeenManuallyStopped\":$2}"; }
    set_state() { printf %s "$3" >"$world/containers/$1/$2"; }

    # Normalized configuration of a compose file, as far as the tests' layouts go.
    config() {
        [ -f "$1" ] || { echo "open $1: no such file or directory" >&2; exit 14; }
        if grep -q '^!!' "$1"; then
            echo 'yaml: line 3: PASSWORD=hunter2 found character that cannot start any token' >&2
            exit 15
        fi
        active=,${COMPOSE_PROFILES:-$(cat "$world/env/COMPOSE_PROFILES" 2>/dev/null)},
        tag=$(cat "$world/env/TAG" 2>/dev/null)
        echo "name: stack"
        sed -e 's/\r$//' -e 's/[ \t]*#.*$//' -e "s/\${TAG:-\([^}]*\)}/${tag:-\1}/" \
            -e 's/^    image: "\(.*\)"$/    image: \1/' -e '/^[ ]*$/d' "$1" | awk -v active="$active" '
                # A service with profiles, one line [a, b], is there when one of them is active.
                function flush(   i, shown) {
                    shown = !profiled
                    for (i = 1; i <= profiled; i++) if (index(active, "," list[i] ",")) shown = 1
                    if (shown) printf "%s", text
                    text = ""; profiled = 0
                }
                /^  [^ ]/ || /^[^ ]/ { flush() }
                /^    profiles: / {
                    line = $0; sub(/^    profiles: \[/, "", line); sub(/\]$/, "", line)
                    profiled = split(line, list, ", ")
                }
                { text = text $0 "\n" }
                END { flush() }' | overridden
    }
    # Of further files the images alone.
    overridden() {
        for other in $more; do
            [ -f "$other" ] || { echo "open $other: no such file or directory" >&2; exit 14; }
        done
        # shellcheck disable=SC2086 # paths without blanks
        awk '
            /^  [^ ]/ { name = $1 }
            FILENAME != "-" { if ($1 == "image:") image[name] = $0; next }
            /^    image: / && name in image { print image[name]; next }
            { print }' $more -
    }

    case $1 in
        version) echo 26.1.5 ;;
        info) echo "$world" ;;
        ps)
            case $* in
                'ps -aq --no-trunc') /bin/ls "$world/containers" "$world/others" 2>/dev/null | grep -x '[0-9a-f]*' ;;
                'ps -a --no-trunc --filter label=com.docker.compose.project --format '*)
                    for path in "$world"/containers/*; do
                        [ -d "$path" ] || continue
                        id=${path##*/}
                        echo "$(get "$id" state) $id $(get "$id" project)"
                    done
                    ;;
                'ps -aq --no-trunc --filter label=com.docker.compose.project=stack'*)
                    for path in "$world"/containers/*; do
                        [ ! -d "$path" ] || echo "${path##*/}"
                    done
                    ;;
                'ps -q --no-trunc --filter label=com.docker.compose.project=stack --filter label=com.docker.compose.service='*)
                    service=${7#label=com.docker.compose.service=}
                    id=$(id_of "$service")
                    if [ "$(get "$id" state)" = running ]; then echo "$id"; fi
                    ;;
                'ps -a --filter label=com.docker.compose.project=stack --filter '*' --format {{.Label "com.docker.compose.service"}}' | \
                    'ps --no-trunc --filter label=com.docker.compose.project=stack --filter '*' --format {{.Label "com.docker.compose.service"}}')
                    for path in "$world"/containers/*; do
                        [ -d "$path" ] || continue
                        if [ "$2" = -a ] || [ "$(get "${path##*/}" state)" = running ]; then
                            get "${path##*/}" service
                            echo
                        fi
                    done
                    ;;
                'ps -q --no-trunc --filter label=com.docker.compose.project=stack')
                    stale=$(cat "$world/stale" 2>/dev/null)
                    if [ "${stale:-0}" -gt 0 ]; then
                        echo $((stale - 1)) >"$world/stale"
                        id_of n8n
                    fi
                    for path in "$world"/containers/*; do
                        [ -d "$path" ] || continue
                        if [ "$(get "${path##*/}" state)" = running ]; then echo "${path##*/}"; fi
                    done
                    ;;
                *) unknown "$@" ;;
            esac
            ;;
        inspect)
            [ "$2 $3 $4" = '--type container --format' ] || unknown "$@"
            format=$5
            shift 5
            for id in "$@"; do
                # A container of somebody else's: name, policy and state, then its path, and its process.
                if [ -f "$world/others/$id" ]; then
                    IFS='|' read -r name policy state path pid <"$world/others/$id"
                    case $format in
                        '{{$id := .ID}}{{$what := '*) printf '%s\t/%s\t%s\t%s\t%s\n' "$id" "$name" "$policy" "$state" "$path" ;;
                        '{{$pid := .State.Pid}}'*) printf '%s\t/%s\t%s\t/data\n' "$pid" "$name" "$path" ;;
                        *) unknown "inspect $format" ;;
                    esac
                    continue
                fi
                [ -d "$world/containers/$id" ] || { echo "no such container: $id" >&2; exit 1; }
                case $format in
                    *'{{json .Id}}'* | *'{{.Id}}'*) unknown "raw template $format" ;;
                    '{"service":'*) get "$id" made; echo ;;
                    '{"id":'*)
                        mounts=$(sed 's/.*/{"Type":"bind","Source":"&","Destination":"\/data"}/' \
                            "$world/containers/$id/binds"
                            get "$id" named | sed "s|.*|{\"Type\":\"volume\",\"Name\":\"&\",\"Source\":\"$world/volumes/&\",\"Destination\":\"/named\"}|")
                        mounts=$(printf '%s\n' "$mounts" | paste -sd , -)
                        oneoff=$(get "$id" oneoff)
                        printf '{"id":"%s","service":"%s","oneoff":"%s","image":"%s",' "$id" \
                            "$(get "$id" service)" "${oneoff:-False}" "$(get "$id" image)"
                        grace=$(get "$id" grace)
                        printf '"name":"/stack-%s-1","grace":%s,' "$(get "$id" service)" "${grace:-null}"
                        printf '"imageID":"%s","state":"%s","health":"%s","restarts":%d,' \
                            "$(get "$id" imageID)" "$(get "$id" state)" "$(get "$id" health)" \
                            "$(get "$id" restarts)"
                        started=$(get "$id" started)
                        printf '"exit":%d,"policy":"%s","started":"%s","mounts":[%s]}\n' \
                            "$(code_of "$id")" "$(get "$id" policy)" "${started:-2020-01-01T00:00:00Z}" "$mounts"
                        ;;
                    '{{index .Config.Labels "com.docker.compose.project.config_files"}}')
                        get "$id" config_files ;;
                    '{{index .Config.Labels "com.docker.compose.project.working_dir"}}')
                        get "$id" working_dir ;;
                    '{{index .Config.Labels "com.docker.compose.project.environment_file"}}')
                        get "$id" environment_file ;;
                    '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}'*) get "$id" named ;;
                    '{{range .Mounts}}'*) get "$id" binds ;;
                    'container{{"\t"}}'*)
                        printf 'container\t%s\t%s\t%s\t%s\tFalse\t%s\n' "$id" "$(get "$id" service)" \
                            "$(get "$id" image)" "$(get "$id" state)" "$(get "$id" pid)"
                        get "$id" environment | sed 's/^/env\t/'
                        get "$id" volumes | sed 's/^/mount\t/'
                        ;;
                    '{{.ID}} {{or .HostConfig.RestartPolicy.Name "no"}}'*)
                        policy=$(get "$id" policy)
                        case $policy in
                            '') policy='no 0' ;;
                            *:*) policy="${policy%:*} ${policy#*:}" ;;
                            *) policy="$policy 0" ;;
                        esac
                        echo "$id $policy $(code_of "$id") $(get "$id" service)"
                        ;;
                    '{{.State.Pid}}') get "$id" pid; echo ;;
                    '{{index .Config.Labels "com.docker.compose.service"}}{{"\t"}}{{.Name}}'*)
                        name=$(get "$id" name)
                        printf '%s\t/%s\t%s' "$(get "$id" service)" \
                            "${name:-stack-$(get "$id" service)-1}" "$(get "$id" service)"
                        for alias in $(get "$id" aliases); do printf '\t%s' "$alias"; done
                        echo
                        ;;
                    '{{range .Config.Env}}'*) get "$id" environment ;;
                    '{{range .NetworkSettings.Networks}}'*) get "$id" address ;;
                    '{{$pid := .State.Pid}}'*)
                        while IFS= read -r path; do
                            pid=$(get "$id" pid)
                            inside=$(get "$id" destination)
                            printf '%s\t%s\t%s\t%s\n' "${pid:-0}" "$(get "$id" service)" "$path" \
                                "${inside:-/data}"
                        done <"$world/containers/$id/binds"
                        get "$id" named | while IFS= read -r name; do
                            printf '%s\t%s\t%s\t/named\n' "$(get "$id" pid)" "$(get "$id" service)" \
                                "$world/volumes/$name"
                        done
                        ;;
                    '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}} '*)
                        if [ -f "$world/containers/$id/loops" ]; then
                            set_state "$id" restarts $(($(get "$id" restarts) + 1))
                        fi
                        echo "$(get "$id" service) $(get "$id" state) $(get "$id" health)" \
                            "$(get "$id" restarts) $id $(code_of "$id")" \
                            "$(started=$(get "$id" started); echo "${started:-2020-01-01T00:00:00Z}")" \
                            "$(get "$id" policy)"
                        ;;
                    *) unknown "inspect $format" ;;
                esac
            done
            ;;
        tag)
            [ $# = 3 ] && [ -f "$world/images/$(id_of "$2")" ] || { echo "No such image: $2" >&2; exit 1; }
            cp "$world/images/$(id_of "$2")" "$world/images/$(id_of "$3")"
            case $3 in geusemaker.local/kept:*) echo "${3#*:}" >>"$world/kept" ;; esac
            ;;
        image)
            if [ "$2 $3 ${4-} ${5-}" = 'ls --format {{.Tag}} geusemaker.local/kept' ]; then
                cat "$world/kept" 2>/dev/null
                exit 0
            fi
            if [ "$2" = rm ] && [ $# = 3 ]; then
                grep -vxF "${3#geusemaker.local/kept:}" "$world/kept" >"$world/kept.new"
                mv "$world/kept.new" "$world/kept"
                exit 0
            fi
            [ "$2 $3" = 'inspect --format' ] || unknown "$@"
            case $4 in
                '{"id":{{json .ID}},"user":'*)
                    shift 4
                    for id in "$@"; do cat "$world/image_made/${id#sha256:}"; echo; done
                    exit 0
                    ;;
            esac
            case $4 in '{{range .RepoTags}}'*) cat "$world/tags/$(id_of "$6")" 2>/dev/null; exit 0 ;; esac
            case $4 in '{{range .Config.Env}}'*) cat "$world/image_env/$(id_of "$6")" 2>/dev/null; exit 0 ;; esac
            shift 4
            # Like the real one it goes on after one that is not there.
            status=0
            for id in "$@"; do
                [ "$id" != -- ] || continue
                if [ -f "$world/images/$(id_of "$id")" ]; then
                    cat "$world/images/$(id_of "$id")"
                else
                    echo "Error response from daemon: No such image: $id" >&2
                    status=1
                fi
            done
            exit "$status"
            ;;
        volume)
            [ "$2 $3" = 'inspect --format' ] || unknown "$@"
            shift 4
            # A file a volume: type, options and device, a tab between.
            for name in "$@"; do
                printf '%s\t%s\t%s\n' "$world/volumes/$name" "$name" "$(cat "$world/volumes/$name")"
            done
            ;;
        manifest)
            [ "$2 $3 $4" = 'inspect --verbose --' ] && [ $# = 5 ] || unknown "$@"
            answer=$world/manifests/$(id_of "$5")
            if ! grep -q '^[[{]' "$answer"; then cat "$answer" >&2; exit 1; fi
            cat "$answer"
            ;;
        pull)
            [ "$2 $3" = '-q --' ] && [ $# = 4 ] || unknown "$@"
            answer=$world/registry/$(id_of "$4")
            [ -f "$answer" ] || { echo "Error response from daemon: manifest for $4 not found: manifest unknown: manifest unknown" >&2; exit 1; }
            if ! grep -q '^{' "$answer"; then cat "$answer" >&2; exit 1; fi
            cp "$answer" "$world/images/$(id_of "$4")"
            cp "$answer" "$world/images/$(id_of "sha256:$(id_of "$4")")"
            if [ -f "$world/after_pull" ]; then . "$world/after_pull"; fi
            ;;
        logs)
            if [ $# = 2 ]; then get "$2" log; exit 0; fi
            [ "$2 $3" = '--tail 400' ] || unknown "$@"
            get "$4" log
            ;;
        exec)
            if [ "$2" = -e ]; then
                case $3 in GEUSEMAKER_STEP=*) ;; *) unknown "$@" ;; esac
                echo "$4" >>"$world/execs"
                shift 4
                printf '<%s>' "$@"
                exit 0
            fi
            [ "$2 $4 $5" = '-i sh -c' ] || unknown "$@"
            [ "$(get "$3" state)" = running ] || { echo 'container is not running' >&2; exit 1; }
            shift 3
            # The container's own environment and programs, and nothing of the host's.
            own=$(cat "$world/exec_environment" 2>/dev/null)
            # shellcheck disable=SC2086 # words without blanks
            exec env -i PATH="$world/tools:/usr/bin:/bin" WORLD="$world" ${own:-POSTGRES_PASSWORD=hunter2} "$@"
            ;;
        start)
            [ $# = 2 ] && [ -d "$world/containers/$2" ] || unknown "$@"
            set_state "$2" state running
            ended "$2" false
            ;;
        update)
            case $2 in --restart=*) ;; *) unknown "$@" ;; esac
            policy=${2#--restart=}
            shift 2
            for id in "$@"; do
                [ -d "$world/containers/$id" ] || { echo "No such container: $id" >&2; exit 1; }
                set_state "$id" policy "$policy"
                # A machine that goes down in the middle of it.
                if [ -f "$world/update_dies" ]; then kill -9 "$PPID"; exit 1; fi
            done
            ;;
        stop)
            [ "$2 $3" = "-t $(cat "$world/grace" 2>/dev/null || echo 30)" ] || unknown "$@"
            shift 3
            for id in "$@"; do
                set_state "$id" state exited
                set_state "$id" pid 0
                ended "$id" true
            done
            ;;
        unpause)
            shift
            for id in "$@"; do
                [ "$(get "$id" state)" = paused ] || { echo "container $id is not paused" >&2; exit 1; }
                set_state "$id" state running
            done
            ;;
        compose)
            shift
            if [ -z "$legacy" ] && [ -f "$world/no_plugin" ]; then
                echo "docker: 'compose' is not a docker command." >&2
                exit 1
            fi
            case $* in
                version) echo 'Docker Compose version v2.26.1'; exit 0 ;;
                'version --short') cat "$world/compose_version" 2>/dev/null || echo 2.26.1; exit 0 ;;
            esac
            file='' more=''
            while [ $# -gt 0 ]; do
                case $1 in
                    --project-directory | -p | --env-file) shift 2 ;;
                    -f)
                        if [ -z "$file" ]; then file=$2; else more="$more $2"; fi
                        shift 2
                        ;;
                    *) break ;;
                esac
            done
            # Seconds to end in: 30 but where a test says otherwise.
            if [ "$1 ${2-}" = 'stop -t' ]; then
                [ "$3" = "$(cat "$world/grace" 2>/dev/null || echo 30)" ] || unknown "$@"
                shift 3
                set -- stop -t 30 "$@"
            fi
            if [ -f "$world/config_reads" ] && [ ! -e "$(cat "$world/config_reads")" ]; then
                echo "env file $(cat "$world/config_reads") not found" >&2
                exit 14
            fi
            case $* in
                config) config "$file" ;;
                'config --format json')
                    [ -f "$world/config.json" ] || { echo 'unknown flag: --format' >&2; exit 16; }
                    cat "$world/config.json"
                    ;;
                'config --profiles') sed -n 's/^    profiles: \[\(.*\)\]$/\1/p' "$file" | sed 's/, /\n/g' | sort -u ;;
                'stop -t 30')
                    if [ -f "$world/stop_fails" ]; then echo 'no configuration' >&2; exit 1; fi
                    config "$file" | sed -n 's/^  \([^ ]*\):$/\1/p' | while read -r name; do
                        [ -d "$world/containers/$(id_of "$name")" ] || continue
                        set_state "$(id_of "$name")" state exited
                        ended "$(id_of "$name")" true
                    done
                    ;;
                'stop -t 30 '*)
                    shift 3
                    for name in "$@"; do
                        set_state "$(id_of "$name")" state exited
                        ended "$(id_of "$name")" true
                        echo "stopped $name" >>"$world/ups"
                    done
                    ;;
                'up -d --no-build'*)
                    if [ -n "$legacy" ] || [ -f "$world/no_pull_option" ]; then
                        case " $* " in *' --pull '*) echo 'unknown flag: --pull' >&2; exit 16 ;; esac
                        shift 3
                    else
                        [ "${4-} ${5-}" = '--pull never' ] || unknown "$@"
                        shift 5
                    fi
                    if [ -s "$world/unhealthy" ]; then
                        # A dependency's health is waited for; each line of the file is one try.
                        sed -i 1d "$world/unhealthy"
                        set_state "$(id_of postgres)" health unhealthy
                        echo 'dependency failed to start: container stack-postgres-1 is unhealthy' >&2
                        exit 1
                    fi
                    if [ -f "$world/slow" ]; then sleep "$(cat "$world/slow")"; fi
                    config "$file" >"$world/config.tmp" || exit 15
                    awk '/^  [^ ]/ { sub(/:.*$/, ""); name = $1 } /^    image: / { print name, $2 }' \
                        "$world/config.tmp" >"$world/config.services"
                    while read -r name image; do
                        case " $* " in *" $name "* | '  ') ;; *) continue ;; esac
                        # The service of that image has no replicas.
                        case $image in *:none) continue ;; esac
                        if [ ! -f "$world/images/$(id_of "$image")" ]; then
                            echo "Error response from daemon: No such image: $image TOKEN=s3cret" >&2
                            exit 1
                        fi
                        id=$(id_of "$name")
                        mkdir -p "$world/containers/$id"
                        if [ "$(get "$id" state)" = paused ]; then
                            echo 'Error response from daemon: cannot start a paused container, try unpause instead' >&2
                            exit 1
                        fi
                        old=$(get "$id" image)
                        rm -f "$world/containers/$id/loops"
                        set_state "$id" service "$name"
                        set_state "$id" project stack
                        set_state "$id" image "$image"
                        set_state "$id" imageID "sha256:$(id_of "$image")"
                        set_state "$id" state running
                        ended "$id" false
                        [ -e "$world/keep_health" ] || set_state "$id" health healthy
                        set_state "$id" restarts 0
                        [ -f "$world/containers/$id/binds" ] || : >"$world/containers/$id/binds"
                        case $image in
                            *:broken) set_state "$id" state exited; set_state "$id" exit 1 ;;
                            *:once) set_state "$id" state exited; set_state "$id" exit 0 ;;
                            *:sick) set_state "$id" health unhealthy ;;
                            *:loop) : >"$world/containers/$id/loops" ;;
                            *:starting) set_state "$id" health starting ;;
                        esac
                        printf 'ready\nPASSWORD=hunter2 url postgres://u:pw@h/db\n' \
                            >"$world/containers/$id/log"
                        echo "$name $old -> $image" >>"$world/ups"
                    done <"$world/config.services"
                    ;;
                *) unknown "compose $*" ;;
            esac
            ;;
        *) unknown "$@" ;;
    esac
    """#
