extension HostScript {
    /// The containers of the project and their images.
    static let containers = #"""
        # The project's containers and their images as docker inspect tells them, one JSON text a line.
        containers() {
            dk ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" \
                >"$work/ids" 2>"$work/err" || return
            grep -v '^\(container\|image\) ' "$work/payload" >"$work/rest"
            cp "$work/rest" "$work/payload"
            ids=$(tr '\n' ' ' <"$work/ids")
            if [ -z "$ids" ]; then return 0; fi
            # shellcheck disable=SC2086 # ids are hexadecimal words
            dk inspect --type container --format "$container_format" $ids >"$work/containers" 2>/dev/null
            sed 's/^/container /' "$work/containers" >>"$work/payload"
            images=$(sed -n 's/^.*"imageID":"\(sha256:[0-9a-f]*\)".*$/\1/p' "$work/containers" |
                sort -u | tr '\n' ' ')
            if [ -z "$images" ]; then return 0; fi
            # shellcheck disable=SC2086
            dk image inspect --format "$image_format" $images 2>/dev/null | sed 's/^/image /' \
                >>"$work/payload"
            return 0
        }

        label='index .Config.Labels "com.docker.compose'
        container_format='{"id":{{json .Id}},"service":{{json ('$label'.service")}},'
        container_format=$container_format'"oneoff":{{json ('$label'.oneoff")}},'
        container_format=$container_format'"image":{{json .Config.Image}},"imageID":{{json .Image}},'
        container_format=$container_format'"state":{{json .State.Status}},"health":'
        container_format=$container_format'{{if .State.Health}}{{json .State.Health.Status}}{{else}}"none"{{end}},'
        container_format=$container_format'"restarts":{{json .RestartCount}},"exit":{{json .State.ExitCode}},'
        container_format=$container_format'"started":{{json .State.StartedAt}},"mounts":{{json .Mounts}}}'
        image_format='{"id":{{json .Id}},"digests":{{json .RepoDigests}},"arch":{{json .Architecture}}}'
        """#
}
