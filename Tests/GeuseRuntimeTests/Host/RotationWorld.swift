import Testing

@testable import GeuseRuntime

/// A host whose n8n logs in to a PostgreSQL of files.
final class RotationWorld {
    static let old = "old-Pa55'w\\ord"
    static let compose = """
        services:
          n8n:
            image: n8nio/n8n:1.0 # pinned
            environment:
              DB_TYPE: postgresdb
              DB_POSTGRESDB_PASSWORD: ${POSTGRES_PASSWORD:?}
            volumes:
              - type: bind
                source: MOUNT/n8n
                target: /data
          postgres:
            image: "postgres:${TAG:-15}"

        """

    let world: HostWorld

    init(environment: String = "A=1\nPOSTGRES_PASSWORD=\(RotationWorld.old)\nB=2\n") throws {
        world = try HostWorld(compose: Self.compose)
        try world.run("mv bin/docker bin/docker.real; mkdir docker/pg docker/pgbin")
        try world.run("cat >bin/docker; chmod 755 bin/docker", input: Self.docker)
        try world.run("cat >docker/pgbin/psql; chmod 755 docker/pgbin/psql", input: Self.psql)
        try world.write("stack/.env", environment)
        try world.run("chmod 640 stack/.env; chown 1234:2345 stack/.env")
        try world.run("printf %s \"$(cat)\" >docker/pg/geusemaker", input: Self.old)
        try world.run(
            "printf 'DB_TYPE=postgresdb\\nDB_POSTGRESDB_HOST=postgres\\nDB_POSTGRESDB_USER=geusemaker\\n"
                + "DB_POSTGRESDB_PASSWORD=%s\\n' \"$(cat)\" >docker/containers/\(n8n)/env",
            input: Self.old
        )
        try world.write("docker/containers/\(postgres)/env", "POSTGRES_DB=geusemaker\n")
        try world.run("rm -f docker/calls")
    }

    var n8n: String { HostWorld.hex("n8n") }
    var postgres: String { HostWorld.hex("postgres") }
    var file: String { world.root + "/stack/.env" }

    @discardableResult
    func step(
        _ phase: RotationRequest.Phase,
        _ name: String,
        _ transport: LocalTransport? = nil,
        timeout: Double = 2
    ) throws -> RotationEvidence {
        let request = RotationRequest(
            project: try world.project(),
            storage: world.inspection(),
            networkTypes: ["nfs4"],
            target: CredentialTarget(
                service: ServiceName(unchecked: "n8n"),
                database: ServiceName(unchecked: "postgres"),
                variables: ["POSTGRES_PASSWORD", "DB_POSTGRESDB_PASSWORD"],
                files: [file]
            ),
            phase: phase,
            timeout: timeout
        )
        return try world.host(transport).rotateCredentials(HostWorld.step(name), request)
    }

    /// The code of the error with which a step ends.
    func code(_ phase: RotationRequest.Phase, _ name: String) -> String? {
        do {
            try step(phase, name)
            return nil
        } catch { return (error as? Diagnostic)?.code }
    }

    func rolePassword() throws -> String { try world.read("docker/pg/geusemaker") }
    func environment() throws -> String { try world.read("stack/.env") }
    func kept() throws -> String {
        try world.run("cd var/lib/geusemaker 2>/dev/null && find rotations -type f | sort || :")
    }

    /// What the fake docker of the other tests does not know of.
    private static let docker = #"""
        #!/bin/sh
        set -u
        world=$DOCKER_WORLD
        here=${0%/*}
        id_of() { printf %s "$1" | sha256sum | cut -d ' ' -f 1; }
        secret() { sed -n "s/^[ \t]*\(export \)*POSTGRES_PASSWORD *= *//p" "$here/../stack/.env" |
            sed -e 's/[ \t]#.*$//' -e 's/[ \t\r]*$//' -e "s/^'\(.*\)'\$/\1/" -e 's/^"\(.*\)"$/\1/'; }
        case $* in
            'ps -q --no-trunc --filter label=com.docker.compose.project=stack --filter label=com.docker.compose.service='*)
                printf '%s\n' "$*" >>"$world/calls"
                id=$(id_of "${7#*service=}")
                if [ "$(cat "$world/containers/$id/state" 2>/dev/null)" = running ]; then echo "$id"; fi
                ;;
            *'{{range .Config.Env}}'*) cat "$world/containers/$6/env" ;;
            *'{{range .NetworkSettings.Networks}}'*) echo 172.18.0.3 ;;
            *'--format {{.Name}} '*) echo /postgres-1 ;;
            'exec -i '*)
                printf '%s\n' "$*" >>"$world/calls"
                shift 3
                PATH=$world/pgbin:$PATH "$@"
                ;;
            'compose '*' config')
                "$here/docker.real" "$@" >"$world/plain" || exit
                GEUSE_SECRET=$(secret | sed 's/\\/\\\\/g') awk '{
                    at = index($0, "${POSTGRES_PASSWORD")
                    if (at) $0 = substr($0, 1, at - 1) ENVIRON["GEUSE_SECRET"]
                    print
                }' "$world/plain"
                ;;
            'compose '*' up -d '*' n8n')
                "$here/docker.real" "$@" || exit
                env=$world/containers/$(id_of n8n)/env
                grep -v '^DB_POSTGRESDB_PASSWORD=' "$env" >"$env.new"
                printf 'DB_POSTGRESDB_PASSWORD=%s\n' "$(secret)" >>"$env.new"
                mv "$env.new" "$env"
                ;;
            *) exec "$here/docker.real" "$@" ;;
        esac
        """#

    /// A psql over files: a role's password in a file of its name; it fails on what it does not know.
    private static let psql = #"""
        #!/bin/sh
        set -u
        pg=$DOCKER_WORLD/pg
        printf 'psql %s\n' "$*" >>"$DOCKER_WORLD/calls"
        command=
        while [ $# -gt 0 ]; do
            case $1 in
                -X | -q | -A | -t | -w) shift ;;
                -v) shift 2 ;;
                -h) host=$2; shift 2 ;;
                -U) role=$2; shift 2 ;;
                -d) shift 2 ;;
                -c) command=$2; shift 2 ;;
                *) echo "fake psql: $1" >&2; exit 99 ;;
            esac
        done
        if [ "$host" != /var/run/postgresql ] && [ ! -f "$DOCKER_WORLD/pg_trust" ] &&
            [ "$PGPASSWORD" != "$(cat "$pg/$role" 2>/dev/null)" ]
        then
            echo "FATAL:  password authentication failed for user \"$role\"" >&2
            exit 2
        fi
        if [ -n "$command" ]; then
            IFS= read -r first
            IFS= read -r second
            [ "$first" = "$second" ] || { echo "Passwords didn't match." >&2; exit 1; }
            name=${command#'\password "'}
            name=${name%'"'}
            if [ -f "$DOCKER_WORLD/pg_refuses" ] && [ "$name" = geusemaker ]; then
                echo 'ERROR:  permission denied' >&2
                exit 1
            fi
            printf %s "$first" >"$pg/$name"
            exit 0
        fi
        sql=$(cat)
        case $sql in
            'SELECT 6 * 7;') echo 42 ;;
            *pg_roles*) ls "$pg" | grep -c '^geusemaker_probe$' ;;
            'BEGIN; CREATE ROLE geusemaker_probe'*)
                if [ -f "$DOCKER_WORLD/pg_no_roles" ]; then
                    echo 'ERROR:  permission denied to create role' >&2
                    exit 3
                fi
                : >"$pg/geusemaker_probe"
                ;;
            'DROP OWNED BY geusemaker_probe; DROP ROLE geusemaker_probe;') rm "$pg/geusemaker_probe" ;;
            *date_trunc*) echo '2026-01-01 00:00:00+00' ;;
            *pg_stat_activity*) cat "$DOCKER_WORLD/pg_sessions" 2>/dev/null || echo 1 ;;
            *) echo "fake psql: $sql" >&2; exit 99 ;;
        esac
        """#
}
