extension HostScript {
    /// The containers of the project and their images.
    static let containers = #"""
        # The project's containers and their images as docker inspect tells them, one JSON text a line.
        containers() {
            dk ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" \
                >"$work/ids" 2>"$work/err" || return
            grep -v '^\(container\|image\|finished\|device\) ' "$work/payload" >"$work/rest"
            cp "$work/rest" "$work/payload"
            ids=$(tr '\n' ' ' <"$work/ids")
            if [ -z "$ids" ]; then return 0; fi
            # shellcheck disable=SC2086 # ids are hexadecimal words
            dk inspect --type container --format "$container_format" $ids >"$work/containers" 2>/dev/null
            sed 's/^/container /' "$work/containers" >>"$work/payload"
            tell_finished
            find_volumes
            while IFS='	' read -r mounted_at volume how device; do
                raw device "$(printf %s "$mounted_at" | encode) $how $(printf %s "$device" | encode)"
            done <"$work/volumes"
            images=$(sed -n 's/^.*"imageID":"\(sha256:[0-9a-f]*\)".*$/\1/p' "$work/containers" |
                sort -u | tr '\n' ' ')
            if [ -z "$images" ]; then return 0; fi
            # shellcheck disable=SC2086
            dk image inspect --format "$image_format" $images 2>/dev/null | sed 's/^/image /' \
                >>"$work/payload"
            return 0
        }

        # Containers that ended by themselves, with 0. One that was stopped may end with 0 too, and only
        # docker's own record of it tells the two apart.
        tell_finished() {
            sed -n 's/^{"id":"\([0-9a-f]*\)".*"state":"exited".*"exit":0,.*$/\1/p' "$work/containers" \
                >"$work/ended"
            [ -s "$work/ended" ] || return 0
            place=$(dk info --format '{{.DockerRootDir}}' 2>/dev/null)
            while read -r id; do
                if grep -q '"HasBeenManuallyStopped":false' "$place/containers/$id/config.v2.json" 2>/dev/null
                then raw finished "$id"; fi
            done <"$work/ended"
        }

        # Only names of docker's own types: one that is found in the raw JSON alone (.Id) makes docker
        # evaluate all of the template there, where a container without health check has no Health.
        label='index .Config.Labels "com.docker.compose'
        container_format='{"id":{{json .ID}},"service":{{json ('$label'.service")}},'
        container_format=$container_format'"oneoff":{{json ('$label'.oneoff")}},'
        container_format=$container_format'"image":{{json .Config.Image}},"imageID":{{json .Image}},'
        container_format=$container_format'"state":{{json .State.Status}},"health":'
        container_format=$container_format'{{if .State.Health}}{{json .State.Health.Status}}{{else}}"none"{{end}},'
        container_format=$container_format'"restarts":{{json .RestartCount}},"exit":{{json .State.ExitCode}},'
        container_format=$container_format'"policy":{{json .HostConfig.RestartPolicy.Name}},'
        container_format=$container_format'"name":{{json .Name}},"grace":{{json .Config.StopTimeout}},'
        container_format=$container_format'"started":{{json .State.StartedAt}},"mounts":{{json .Mounts}}}'
        image_format='{"id":{{json .ID}},"digests":{{json .RepoDigests}},"arch":{{json .Architecture}}}'
        """#
}
