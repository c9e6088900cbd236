extension HostScript {
    /// Programs inside a database's container, and the wait for long work.
    static let database = #"""
        dump_seconds=1500
        # Whom the database's own container logs in as: its environment says so, and the password stays in it.
        # Bitnami's images have names of their own for it, and give the administrator a password apart. The
        # server itself writes down which port it listens at (fourth line of postmaster.pid), as an argument
        # of its may say.
        login='if [ "${BITNAMI_APP_NAME-}" = postgresql ]; then
                POSTGRES_USER=${POSTGRESQL_USERNAME:-${POSTGRESQL_USER:-${POSTGRES_USER-}}}
                POSTGRES_PASSWORD=${POSTGRESQL_PASSWORD:-${POSTGRES_PASSWORD-}}
                POSTGRES_PASSWORD_FILE=${POSTGRESQL_PASSWORD_FILE:-${POSTGRES_PASSWORD_FILE-}}
                if [ -n "${POSTGRESQL_POSTGRES_PASSWORD-}${POSTGRESQL_POSTGRES_PASSWORD_FILE-}" ]; then
                    POSTGRES_USER=postgres POSTGRES_PASSWORD=${POSTGRESQL_POSTGRES_PASSWORD-}
                    POSTGRES_PASSWORD_FILE=${POSTGRESQL_POSTGRES_PASSWORD_FILE-}
                fi
                PGDATA=${POSTGRESQL_DATA_DIR:-${PGDATA:-${POSTGRESQL_VOLUME_DIR:-/bitnami/postgresql}/data}}
            fi
            port=$(sed -n 4p "${PGDATA:-/var/lib/postgresql/data}/postmaster.pid" 2>/dev/null)
            if [ -n "$port" ]; then PGPORT=$port; export PGPORT; fi
            user=${POSTGRES_USER-}; word=${POSTGRES_PASSWORD-}
            if [ -n "${POSTGRES_USER_FILE-}" ]; then user=$(cat "$POSTGRES_USER_FILE"); fi
            if [ -n "${POSTGRES_PASSWORD_FILE-}" ]; then word=$(cat "$POSTGRES_PASSWORD_FILE"); fi
            PGUSER=${user:-postgres} PGPASSWORD=$word PGDATABASE=template1
            export PGUSER PGPASSWORD PGDATABASE
            '
        # $1: seconds, $2: program text for the container's shell, then its arguments.
        inside() {
            seconds=$1 text=$2
            shift 2
            timeout -k 5 "$seconds" docker exec -i "$id" sh -c "$login$text" sh "$@" 9>&-
        }
        ask_database() { inside 60 'exec psql -AtXq -c "$1"' "$1" </dev/null; }

        # Waits for what works in the background and says at its end how it went.
        wait_for() {
            ticks=0
            until [ -s "$work/dumped" ]; do
                if [ "$ticks" -ge 17000 ]; then kill -9 "$1" 2>/dev/null; return 1; fi
                if ! kill -0 "$1" 2>/dev/null && [ ! -s "$work/dumped" ]; then
                    echo 'It ended without a word.' >"$work/dump.err"
                    echo "1 $why" >"$work/dumped"
                fi
                sleep 0.1
                ticks=$((ticks + 1))
            done
        }
        """#
}
