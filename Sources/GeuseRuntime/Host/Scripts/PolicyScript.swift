extension HostScript {
    /// Keeps docker from starting by itself, at a boot, what a step has stopped.
    static let policies = #"""
        # docker leaves a container alone that was stopped only under `unless-stopped`: with `always` it starts
        # it when the machine boots, and with `on-failure` where the stop made it end with another code than 0
        # (docker docs, "Restart policies"). Both would be before anybody has proven the mount.
        # A file on the root disk has what was put off, a line each: id, policy, retries, service.
        policy_format='{{.ID}} {{or .HostConfig.RestartPolicy.Name "no"}} {{.HostConfig.RestartPolicy.MaximumRetryCount}}'
        policy_format=$policy_format' {{.State.ExitCode}} {{index .Config.Labels "com.docker.compose.service"}}'
        # The project's containers as they are, in $work/policies.
        read_policies() {
            policies=$lib/policies-$project
            : >"$work/policies"
            dk ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" >"$work/policy.ids" \
                2>"$work/err" || return
            [ -s "$work/policy.ids" ] || return 0
            # One that is removed meanwhile makes docker fail, and tells the others all the same.
            # shellcheck disable=SC2046 # ids are hexadecimal words
            dk inspect --type container --format "$policy_format" $(cat "$work/policy.ids") >"$work/policies" \
                2>"$work/err" || [ -s "$work/policies" ]
        }
        # Puts the policies off that would start a container at boot. What they were is on the disk before.
        hold_policies() {
            read_policies || fail docker_unavailable "$(cat "$work/err")"
            awk '$2 == "always" || $2 == "on-failure" { print $1, $2, $3, $5 }' "$work/policies" >"$work/held"
            [ -s "$work/held" ] || return 0
            # A step that was cut short may have put some of them off already.
            cp "$work/held" "$work/held.new"
            if [ -s "$policies" ]; then
                awk '
                    FILENAME == ARGV[1] { there[$1] = $2; next }
                    there[$1] == "no"' "$work/policies" "$policies" >>"$work/held.new"
            fi
            { cp "$work/held.new" "$policies.new" && sync "$policies.new" && mv -f "$policies.new" "$policies" &&
                sync "$lib"; } 2>"$work/err" || fail host_marker "$(cat "$work/err")"
            # shellcheck disable=SC2046
            dk update --restart=no $(cut -d ' ' -f 1 "$work/held") >/dev/null 2>"$work/err" ||
                fail policy_not_held "$(cat "$work/err")"
        }
        # Those of the record that are still put off, in $work/off; a container that is gone needs none.
        find_held() {
            policies=$lib/policies-$project
            : >"$work/off"
            [ -s "$policies" ] || return 0
            read_policies || return
            # One that docker lists and does not describe just now may be put off still.
            awk '
                FILENAME == ARGV[1] { there[$1] = "no"; next }
                FILENAME == ARGV[2] { there[$1] = $2; next }
                there[$1] == "no"' "$work/policy.ids" "$work/policies" "$policies" >"$work/off"
        }
        # Gives them their policies back, before they are started: one that ends at once is started again as it
        # always was. What was not given back stays in the record.
        give_policies_back() {
            [ -s "$lib/policies-$project" ] || return 0
            find_held || return 0
            while read -r id policy retries name <&5; do
                case $policy:$retries in on-failure:[1-9]*) policy=$policy:$retries ;; esac
                dk update --restart="$policy" "$id" >/dev/null 2>"$work/err" || :
            done 5<"$work/off"
            find_held || return 0
            if [ -s "$work/off" ]; then
                cp "$work/off" "$policies.new" && sync "$policies.new" && mv -f "$policies.new" "$policies"
            else
                rm -f "$policies"
            fi
        }
        # Tells the services whose policy is put off: docker starts them neither at boot nor when they end.
        tell_held() {
            # Where docker does not answer, all that is on record may be put off.
            find_held || cp "$policies" "$work/off" || return 0
            while read -r id policy retries name; do put held "$name"; done <"$work/off"
        }
        """#
}
