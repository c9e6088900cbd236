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
        # A variable of n8n as it takes it: by itself, or from the file that NAME_FILE names. Fails where that is
        # not known: both are set and differ (versions of n8n prefer one or the other), the file does not say
        # it in one plain word, or a file of settings may say it.
        n8n_value() {
            own=$(env_of "$1")
            from=$(env_of "$1_FILE")
            if [ -n "$from" ]; then
                word=$(word_in "$from") || return 1
                [ -z "$own" ] || [ "$own" = "$word" ] || return 1
                own=$word
            fi
            if [ -z "$own" ] && [ -n "$(env_of N8N_CONFIG_FILES)" ]; then return 1; fi
            printf %s "$own"
        }
        # The only line of a file of the container, which has to be a name or a path and no link: it is told.
        word_in() {
            case $1 in /*) ;; *) return 1 ;; esac
            [ "${pid:-0}" != 0 ] && [ ! -h "$root/proc/$pid/root$1" ] || return 1
            word=$(timeout -s KILL 9 head -c 512 -- "$root/proc/$pid/root$1" 2>/dev/null | tr -d '\r') || return 1
            case $word in '' | *[!A-Za-z0-9._/-]*) return 1 ;; esac
            printf %s "$word"
        }
        # n8n's directory: below N8N_USER_FOLDER, else below its user's home. Images that change users
        # while they start have another home than their first process; what counts is where something is,
        # in a volume or in the container itself. Empty where it depends on a working directory.
        n8n_folder() {
            # Not all versions of n8n read that file.
            [ -z "$(env_of N8N_USER_FOLDER_FILE)" ] || return 0
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
        # Fails where its name is not known.
        sqlite_name() {
            database=$(n8n_value DB_SQLITE_DATABASE) || return 1
            echo "${database:-database.sqlite}"
        }
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
