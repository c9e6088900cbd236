extension HostScript {
    /// The containers of programs that keep state, each taken apart into a file of its own.
    static let containerParts = #"""
        # Of each container of a program that is known: what it is, some of its environment, its volumes.
        # No secret is among the variables that are kept.
        stateful_format='container{{"\t"}}{{.ID}}{{"\t"}}{{'$label'.service"}}{{"\t"}}{{.Config.Image}}'
        stateful_format=$stateful_format'{{"\t"}}{{.State.Status}}{{"\t"}}{{'$label'.oneoff"}}{{"\t"}}{{println .State.Pid}}'
        stateful_format=$stateful_format'env{{"\t"}}label={{println (index .Config.Labels "org.opencontainers.image.version")}}'
        stateful_format=$stateful_format'env{{"\t"}}user={{println .Config.User}}'
        stateful_format=$stateful_format'{{range .Config.Env}}env{{"\t"}}{{println .}}{{end}}'
        stateful_format=$stateful_format'{{range .Mounts}}mount{{"\t"}}{{.Source}}{{"\t"}}{{println .Destination}}{{end}}'
        find_stateful() {
            rm -rf "$work/parts"
            mkdir "$work/parts"
            [ -s "$work/ids" ] || return 0
            # A volume that its driver binds is looked at where its data lies: docker shows it at its own place
            # only while a container has it.
            find_volumes
            # shellcheck disable=SC2046 # ids are hexadecimal words
            dk inspect --type container --format "$stateful_format" $(cat "$work/ids") >"$work/inspected" 2>/dev/null
            name_images
            awk -F '\t' -v parts="$work/parts" '
                    function kind_of(image) {
                        sub(/@.*$/, "", image); sub(/^.*\//, "", image); sub(/:.*$/, "", image)
                        if (image ~ /^(postgres|postgresql|pgvector|postgis|timescaledb|timescaledb-ha)$/) return "postgres"
                        return image ~ /^(n8n|qdrant|ollama)$/ ? image : ""
                    }
                    # An image of another name is PostgreSQL where it has the variables of the official one.
                    function flush(    part) {
                        if (kind == "" && major && data) kind = "postgres"
                        if (kind != "" && !oneoff) {
                            part = parts "/" ++count
                            print kind "\t" head >part
                            printf "%s", env >(part ".env"); printf "%s", mounts >(part ".mounts")
                            close(part); close(part ".env"); close(part ".mounts")
                        }
                        env = mounts = kind = ""; major = data = 0; oneoff = 1
                    }
                    FILENAME == ARGV[1] { if ($3 == "bind") bound[$1] = $4; next }
                    FILENAME == ARGV[2] { if (!named[$1]) named[$1] = kind_of($2); next }
                    $1 == "container" {
                        flush()
                        kind = kind_of($4)
                        if (kind == "" && ($3 in named)) kind = named[$3]
                        oneoff = (tolower($6) == "true")
                        head = $2 "\t" $3 "\t" $5 "\t" $7
                        next
                    }
                    $1 == "env" && $2 ~ /^PG_MAJOR=./ { major = 1 }
                    $1 == "env" && $2 ~ /^PGDATA=./ { data = 1 }
                    $1 == "env" && $2 ~ /^(PGDATA|PG_MAJOR|POSTGRESQL_(DATA|VOLUME)_DIR|BITNAMI_APP_NAME|N8N_VERSION|N8N_CONFIG_FILES|(N8N_USER_FOLDER|DB_TYPE|DB_POSTGRESDB_HOST|DB_SQLITE_DATABASE)(_FILE)?|QDRANT__STORAGE__STORAGE_PATH|HOME|user|label)=/ {
                        sub(/^env\t/, ""); env = env $0 "\n"
                    }
                    $1 == "mount" && $2 ~ /^\// {
                        mounts = mounts (($2 in bound) ? bound[$2] : $2) "\t" $3 "\n"
                    }
                    BEGIN { oneoff = 1 }
                    END { flush() }' "$work/volumes" "$work/named" "$work/inspected"
            find_homes
        }
        # Names of images for services whose container was made from an id alone, in $work/named: those that
        # docker has for the image, then the one of the compose file.
        name_images() {
            awk -F '\t' '$1 == "container" && $4 ~ /^(sha256:)?[0-9a-f]+$/ { print $3 "\t" $4 }' "$work/inspected" |
                while IFS='	' read -r service image; do
                    {
                        dk image inspect --format "$names_format" -- "$image" 2>/dev/null
                        GEUSE_NAME=$service awk -F '\t' '$1 == ENVIRON["GEUSE_NAME"] { print $2 }' \
                            "$work/services" 2>/dev/null
                    } | sed "s/^/$service	/"
                done >"$work/named"
        }
        names_format='{{range .RepoTags}}{{println .}}{{end}}{{range .RepoDigests}}{{println .}}{{end}}'
        # Makes a part the one that is talked of.
        use_part() {
            part=$1
            IFS='	' read -r kind id service status pid <"$part"
        }
        env_of() { sed -n "s/^$1=//p" "$part.env" | head -n 1; }
        # Where a path of the container lies on the host, and in which of its volumes; empty for its own layer.
        locate() {
            at='' on_host=''
            found=$(GEUSE_PATH=$1 awk -F '\t' '
                $2 == ENVIRON["GEUSE_PATH"] || index(ENVIRON["GEUSE_PATH"], $2 "/") == 1 {
                    if (length($2) > length(best)) { best = $2; source = $1 }
                }
                END { if (best != "") print source "\t" best }' "$part.mounts")
            [ -n "$found" ] || return 0
            at=${found#*	}
            on_host=${found%%	*}${1#"$at"}
        }
        """#
}
