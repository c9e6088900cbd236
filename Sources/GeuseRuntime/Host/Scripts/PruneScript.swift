extension HostScript {
    /// Removes superseded images.
    static let prune = #"""
        value "$G_PROJECT"; project=$decoded
        value "$G_FILE"; file=$decoded
        value "$G_DIRECTORY"; directory=$decoded
        environment=$G_ENVIRONMENT
        begin
        find_compose
        find_profiles

        # Names as docker lists them: without its own registry's host, and without `library/`.
        familiar() { sed 's#^\(index\.\)\{0,1\}docker\.io/##; s#^library/##'; }

        # A file that cannot be read says nothing of what is needed, so that nothing may be removed.
        dc "$file" config >"$work/config" 2>"$work/err" ||
            fail compose_config_failed "$(head -n 5 "$work/err" | cut -c 1-300)"
        images_of "$work/config" | cut -f 2 | familiar >"$work/named"
        dk ps -aq --no-trunc >"$work/ids" 2>"$work/err" || fail docker_unavailable "$(cat "$work/err")"
        : >"$work/needed"
        : >"$work/made"
        if [ -s "$work/ids" ]; then
            # shellcheck disable=SC2046 # ids are hexadecimal words
            dk inspect --type container --format '{{.Image}}' $(cat "$work/ids") >"$work/needed" \
                2>"$work/err" || fail docker_unavailable "$(cat "$work/err")"
            # shellcheck disable=SC2046
            dk inspect --type container --format '{{.Config.Image}}' $(cat "$work/ids") 2>/dev/null |
                familiar >"$work/made"
        fi
        for word in $G_SPARED; do decode "$word"; echo; done >>"$work/needed"
        # What a kept backup needs has a tag of its own.
        dk image ls --no-trunc --format '{{.ID}}' geusemaker.local/kept >>"$work/needed" 2>"$work/err" ||
            fail docker_unavailable "$(cat "$work/err")"

        # Only what the project's own services ran, or are to run, in another version.
        sed 's/@.*//; s#:[^:/]*$##' "$work/named" | sort -u >"$work/repositories"
        dk image ls --no-trunc --format '{{.ID}} {{.Repository}} {{.Tag}}' >"$work/images" 2>"$work/err" ||
            fail docker_unavailable "$(cat "$work/err")"
        while read -r id repository tag; do
            grep -qxF -- "$repository" "$work/repositories" || continue
            if grep -qxF -- "$id" "$work/needed"; then continue; fi
            if [ "$tag" = '<none>' ]; then name=$id; else name=$repository:$tag; fi
            if grep -qxF -- "$name" "$work/named" "$work/made"; then continue; fi
            if dk image rm -- "$name" >/dev/null 2>>"$work/err"; then put removed "$repository:$tag"; fi
        done <"$work/images"
        end_lease
        finish done
        """#
}
