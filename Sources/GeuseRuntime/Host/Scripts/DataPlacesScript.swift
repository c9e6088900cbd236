extension HostScript {
    /// Where programs keep their data inside their containers, as their environment says.
    static let dataPlaces = #"""
        # An absolute path as it is walked: without `.`, `..` and empty parts.
        resolved() {
            printf '%s\n' "$1" | awk -F / '{
                for (i = 1; i <= NF; i++) {
                    if ($i == "" || $i == ".") continue
                    if ($i == "..") { if (n) n--; continue }
                    word[++n] = $i
                }
                for (i = 1; i <= n; i++) printf "/%s", word[i]
                if (!n) printf "/"
            }'
        }

        # The home of an n8n's user, noted while it runs: as its process has it, else its environment, else
        # by its user.
        find_homes() {
            (
                for head in "$work"/parts/*; do
                    case $head in *.env | *.mounts | *'*') continue ;; esac
                    use_part "$head"
                    if [ "$kind" = n8n ]; then printf 'home=%s\n' "$(home_of)" >>"$part.env"; fi
                done
            )
        }
        home_of() {
            home=
            if [ "${pid:-0}" != 0 ]; then
                home=$(tr '\0' '\n' 2>/dev/null <"$root/proc/$pid/environ" | sed -n 's/^HOME=//p' | head -n 1)
            fi
            [ -n "$home" ] || home=$(env_of HOME)
            if [ -z "$home" ]; then
                case $(env_of user) in '' | 0 | 0:* | root | root:*) home=/root ;; *) home=/home/node ;; esac
            fi
            printf %s "$home"
        }
        # n8n's directory: below N8N_USER_FOLDER, else below its user's home. Images that change users
        # while they start have another home than their first process; what counts is where something is,
        # in a volume or in the container itself. Empty where it depends on a working directory.
        n8n_folder() {
            top=$(env_of N8N_USER_FOLDER)
            case $top in
                '') ;;
                /*) resolved "$top/.n8n"; return ;;
                *) return ;;
            esac
            home=$(env_of home)
            for top in "$home" /home/node /root; do
                folder=$(resolved "$top/.n8n")
                locate "$folder"
                if [ -n "$on_host" ] ||
                    { [ "${pid:-0}" != 0 ] && timeout -s KILL 9 test -d "$root/proc/$pid/root$folder"; }
                then
                    printf %s "$folder"
                    return
                fi
            done
            resolved "$home/.n8n"
        }
        # n8n resolves the name of its database against its directory (path.resolve).
        sqlite_name() { env_of DB_SQLITE_DATABASE | grep . || echo database.sqlite; }
        sqlite_path() {
            case $2 in
                /*) resolved "$2" ;;
                *) if [ -n "$1" ]; then resolved "$1/$2"; fi ;;
            esac
        }

        # Qdrant's storage; its images work in /qdrant.
        qdrant_path() {
            path=$(env_of QDRANT__STORAGE__STORAGE_PATH)
            case ${path:=/qdrant/storage} in /*) resolved "$path" ;; *) resolved "/qdrant/$path" ;; esac
        }
        """#
}
