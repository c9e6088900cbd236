extension HostScript {
    /// Talks to PostgreSQL in its own container; passwords travel by standard input alone.
    static let databaseClient = #"""
        # The running container of a service.
        container_of() {
            dk ps -q --no-trunc --filter "label=com.docker.compose.project=$project" \
                --filter "label=com.docker.compose.service=$1" 2>/dev/null | head -n 1
        }
        environment_of() {
            dk inspect --type container --format '{{range .Config.Env}}{{println .}}{{end}}' "$1" 2>/dev/null
        }
        # The value of a variable in such an environment, without a newline.
        member() {
            GEUSE_NAME=$2 awk '
                { at = index($0, "=") }
                at > 0 && substr($0, 1, at - 1) == ENVIRON["GEUSE_NAME"] { found = substr($0, at + 1) }
                END { printf "%s", found }' "$1"
        }
        addresses_of() {
            dk inspect --type container \
                --format '{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{end}}' "$1" 2>/dev/null |
                grep '^[0-9a-fA-F.:][0-9a-fA-F.:]*$'
        }

        # psql as $role at $address. The images of PostgreSQL trust whoever comes over the loopback address
        # or the socket, so the container's own address is asked: there a password counts.
        # $1: the file with the password; the statements come by standard input.
        ask() {
            { cat "$1"; echo; cat; } | timeout -k 5 60 docker exec -i "$server" sh -c "$client_text" sh \
                "$address" "$role" "$base" 2>"$work/err" 9>&-
        }
        client_text='IFS= read -r PGPASSWORD; export PGPASSWORD; PGCONNECT_TIMEOUT=10; export PGCONNECT_TIMEOUT
            exec psql -X -q -A -t -w -v ON_ERROR_STOP=1 -h "$1" -U "$2" -d "$3"'

        # Whether the role logs in with the password in a file.
        logs_in() { [ "$(echo 'SELECT 6 * 7;' | ask "$1")" = 42 ]; }

        # Sets a role's password by psql's \password, which sends the server a verifier and not the password,
        # so that no log of the server can hold it. $1: role, $2: file to log in with, $3: the new one.
        set_password() {
            { cat "$2"; echo; cat "$3"; echo; cat "$3"; echo; } | timeout -k 5 60 docker exec -i "$server" \
                sh -c "$change_text" sh "$address" "$role" "$base" "$1" >/dev/null 2>"$work/err" 9>&-
        }
        change_text='IFS= read -r PGPASSWORD; export PGPASSWORD; PGCONNECT_TIMEOUT=10; export PGCONNECT_TIMEOUT
            exec psql -X -q -w -v ON_ERROR_STOP=1 -h "$1" -U "$2" -d "$3" -c "\\password \"$4\""'

        # A role that can do nothing, on which a password is tried before the real role gets it.
        probe_role=geusemaker_probe
        make_probe() {
            drop_probe "$1"
            printf 'BEGIN; CREATE ROLE %s LOGIN CONNECTION LIMIT 2;
                GRANT CONNECT ON DATABASE "%s" TO %s; COMMIT;\n' "$probe_role" "$base" "$probe_role" |
                ask "$1" >/dev/null
        }
        drop_probe() {
            found=$(printf "SELECT count(*) FROM pg_roles WHERE rolname = '%s';\n" "$probe_role" | ask "$1")
            if [ "$found" = 1 ]; then
                printf 'DROP OWNED BY %s; DROP ROLE %s;\n' "$probe_role" "$probe_role" | ask "$1" >/dev/null
            fi
        }
        """#
}
