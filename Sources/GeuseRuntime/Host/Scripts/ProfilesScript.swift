extension HostScript {
    /// The profiles with which the project runs.
    ///
    /// Compose leaves out what is in no active profile, and no container says with which profiles
    /// it was started.
    static let profiles = #"""
        # Exports the profiles that it takes for compose to see what runs, and those that were active when
        # a step stopped the services. Leaves in $work/present the services that run.
        find_profiles() {
            present -q >"$work/present" || return 0
            profiles=$(tr -cd 'A-Za-z0-9_.,-' 2>/dev/null <"$lib/profiles-$project")
            use_profiles
            enabled >"$work/known"
            [ -s "$work/known" ] && without "$work/known" "$work/present" >"$work/missing" || return 0
            dc "$file" config --profiles 2>/dev/null | grep -x '[A-Za-z0-9][A-Za-z0-9_.-]*' >"$work/profiles"
            present -a >"$work/expected"
            cat "$work/known" >>"$work/expected"
            # Naming one switches off those that an environment file names: they are named again. Then come
            # those that bring nothing that there is not, and only then any other.
            for pass in known expected any; do
                while read -r one; do
                    case ,$profiles, in *,"$one",*) continue ;; esac
                    (profiles=$one; use_profiles; enabled) >"$work/one"
                    [ -s "$work/one" ] || continue
                    if [ "$pass" != known ]; then grep -qxF -f "$work/missing" "$work/one" || continue; fi
                    if [ "$pass" != any ] && without "$work/$pass" "$work/one" >/dev/null; then continue; fi
                    profiles=${profiles:+$profiles,}$one
                    if [ "$pass" != known ]; then
                        without "$work/one" "$work/missing" >"$work/left"
                        mv "$work/left" "$work/missing"
                    fi
                done <"$work/profiles"
                [ -s "$work/missing" ] || break
            done
            use_profiles
        }
        use_profiles() {
            if [ -n "$profiles" ]; then
                COMPOSE_PROFILES=$profiles
                export COMPOSE_PROFILES
            fi
        }
        # The services of the project that have a container: -q one that runs, -a any.
        present() {
            how=-a
            if [ "$1" = -q ]; then how=--no-trunc; fi
            dk ps "$how" --filter "label=com.docker.compose.project=$project" \
                --filter label=com.docker.compose.oneoff=False \
                --format '{{.Label "com.docker.compose.service"}}' 2>/dev/null | sort -u
        }
        enabled() {
            dc "$file" config >"$work/enabled" 2>/dev/null || return 0
            images_of "$work/enabled" | cut -f 1
        }
        # The lines of the second file that the first one does not have; fails without any.
        without() {
            awk 'FILENAME == ARGV[1] { had[$0] = 1; next } !($0 in had) && $0 != "" { print; found = 1 }
                END { exit !found }' "$1" "$2"
        }
        # What is stopped does not run any more: whoever starts it again has to know.
        remember_profiles() {
            if [ -n "${profiles-}" ]; then
                printf %s "$profiles" >"$lib/profiles-$project" && sync "$lib/profiles-$project"
            fi
        }
        forget_profiles() { rm -f "$lib/profiles-$project"; }
        """#
}
