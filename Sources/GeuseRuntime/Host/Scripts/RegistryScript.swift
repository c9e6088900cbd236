extension HostScript {
    /// Asks registries what a pull would find.
    ///
    /// Reads only: no marker, no lease.
    ///
    /// Sources: OCI distribution specification (manifests, tags, error codes), distribution's "Token
    /// Authentication Specification", moby's `registry` package (names, mirrors), Docker's
    /// "Pull usage and limits" (HEAD is not counted), docker-credential-helpers' protocol.
    static let registry = #"""
        manifests='application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json'
        case $(uname -m) in
            x86_64) goarch=amd64 ;;
            aarch64 | arm64) goarch=arm64 ;;
            *) goarch=$(uname -m) ;;
        esac

        # One fact of the look-up that $dir stands for: a key and a word, or a key and a text.
        report() { printf 'registry %s %s %s\n' "$word" "$1" "$2" >>"$dir/lines"; }
        tell() { report "$1" "$(printf %s "$2" | head -c 600 | encode)"; }

        # What the daemon goes by: proxies, mirrors, registries without TLS; and who root is to registries.
        settings() {
            at_registries=$work/registries
            mkdir "$at_registries"
            flat "$root/etc/docker/daemon.json" >"$at_registries/daemon" 2>/dev/null
            flat "${DOCKER_CONFIG:-$root${HOME:-/root}/.docker}/config.json" >"$at_registries/login" 2>/dev/null
            dk info --format '{{println .HTTPSProxy}}{{.NoProxy}}' >"$at_registries/info" 2>/dev/null
            proxy=$(sed -n 1p "$at_registries/info")
            no_proxy=$(sed -n 2p "$at_registries/info")
            case $proxy in http*://*) ;; *) proxy= ;; esac
            way=docker
            if curl --version >/dev/null 2>&1; then way=curl; fi
        }

        # Registry, repository there and reference of an image, as docker normalizes them.
        names() {
            given=${1%%@*}
            wanted=latest
            case ${given##*/} in *:*) wanted=${given##*:} given=${given%:*} ;; esac
            case $1 in *@*) wanted=${1#*@} ;; esac
            registry=docker.io name=$given
            case ${given%%/*} in
                "$given") ;;
                *.* | *:* | localhost | *[A-Z]*) registry=${given%%/*} name=${given#*/} ;;
            esac
            if [ "$registry" = index.docker.io ]; then registry=docker.io; fi
            case $registry/$name in docker.io/*/*) ;; docker.io/*) name=library/$name ;; esac
        }

        # Where to ask, in order: for Docker Hub the daemon's mirrors, then itself.
        bases() {
            if [ "$registry" = docker.io ]; then
                awk -F '\t' '$1 ~ "^/registry-mirrors/" { sub(/\/+$/, "", $2); print $2 }' \
                    "$at_registries/daemon" | grep -E '^https?://[A-Za-z0-9._:/-]+$'
                echo https://registry-1.docker.io
                return
            fi
            echo "https://$registry"
            case $registry in localhost | localhost:* | 127.*) echo "http://$registry"; return ;; esac
            if awk -F '\t' '$1 ~ "^/insecure-registries/" { print $2 }' "$at_registries/daemon" |
                grep -qxF "$registry"; then echo "http://$registry"; fi
        }

        # A value for curl's configuration, within its quotes.
        quoted() { printf %s "$1" | tr -d '\r\n' | sed 's/[\\"]/\\&/g'; }

        # One request: its method, its address, more lines of configuration. Leaves $code (000 without an
        # answer, and $why), the headers and the body. All of it goes to curl's standard input, so that no
        # secret stands in an argument. It follows no redirect, and no file grows beyond ulimit's 2 MiB.
        send() {
            : >"$dir/head"
            : >"$dir/body"
            {
                printf 'url = "%s"\n' "$(quoted "$2")"
                case $1 in HEAD) echo head ;; esac
                printf '%s\n' silent show-error globoff 'connect-timeout = 5' 'max-time = 10' \
                    'max-filesize = 2000000' 'proto = "=https,http"' 'user-agent = "geusemaker"' \
                    'write-out = "%{http_code}"'
                printf 'dump-header = "%s"\noutput = "%s"\n' "$dir/head" "$dir/body"
                if [ -n "$accept" ]; then printf 'header = "Accept: %s"\n' "$accept"; fi
                if [ -n "$authorization" ]; then
                    printf 'header = "Authorization: %s"\n' "$(quoted "$authorization")"
                fi
                if [ -n "$proxy" ]; then
                    printf 'proxy = "%s"\nnoproxy = "%s"\n' "$(quoted "$proxy")" "$(quoted "$no_proxy")"
                fi
                if [ -f "$root/etc/docker/certs.d/$registry/ca.crt" ]; then
                    printf 'cacert = "%s"\n' "$root/etc/docker/certs.d/$registry/ca.crt"
                fi
                printf %s "${3-}"
            } | timeout -k 2 20 curl -q --config - >"$dir/code" 2>"$dir/err" 9>&- || {
                code=000 why=$(head -n 1 "$dir/err")
                return 0
            }
            code=$(cat "$dir/code")
            why="HTTP $code"
        }

        # The same with a token, should one be asked for.
        request() {
            send "$1" "$2"
            if [ "$code" != 401 ] || [ -n "$authorization" ]; then return 0; fi
            if authorize "$2"; then send "$1" "$2"; fi
        }

        # A header of the last answer; of several challenges the one that leads to a token.
        field() {
            GEUSE_NAME=$1 awk '
                /^HTTP\// { found = "" }
                {
                    sub(/\r$/, "")
                    colon = index($0, ":")
                    if (!colon || tolower(substr($0, 1, colon - 1)) != ENVIRON["GEUSE_NAME"]) next
                    value = substr($0, colon + 1)
                    sub(/^[ \t]+/, "", value)
                    if (found == "" || tolower(found) !~ /^bearer /) found = value
                }
                END { print found }' "$dir/head"
        }
        # A parameter of the challenge; a value that is a token may stand without quotes (RFC 9110, 11.2).
        parameter() {
            printf %s "$challenge" | sed -n -e "s/.*[ ,]$1=\"\([^\"]*\)\".*/\1/p" -e t \
                -e "s/.*[ ,]$1=\([^\", ][^, ]*\).*/\1/p"
        }

        # Answers the challenge of the last answer. The realm gets the login, as docker gives it, but only
        # over TLS, unless the registry itself goes without.
        authorize() {
            challenge=$(field www-authenticate)
            case $challenge in
                [Bb]asic*)
                    [ -n "$basic" ] || return 1
                    authorization="Basic $basic"
                    return 0
                    ;;
                [Bb]earer\ *) ;;
                *) return 1 ;;
            esac
            realm=$(parameter realm) service=$(parameter service) scope=$(parameter scope)
            case $realm in
                https://*) ;;
                http://*) case $1 in http://*) ;; *) code=000 why="realm $realm"; return 1 ;; esac ;;
                *) code=000 why="realm $realm"; return 1 ;;
            esac
            scope=${scope:-repository:$name:pull}
            asked=$(
                printf 'data-urlencode = "service=%s"\n' "$(quoted "$service")"
                printf 'data-urlencode = "scope=%s"\n' "$(quoted "$scope")"
                if [ -n "$identity" ]; then
                    printf 'data-urlencode = "grant_type=refresh_token"\n'
                    printf 'data-urlencode = "client_id=geusemaker"\n'
                    printf 'data-urlencode = "refresh_token=%s"\n' "$(quoted "$identity")"
                else
                    echo get
                    if [ -n "$basic" ]; then printf 'header = "Authorization: Basic %s"\n' "$(quoted "$basic")"; fi
                fi
            )
            kept=$accept accept=
            send GET "$realm" "$asked"
            accept=$kept
            case $code in
                200) ;;
                400 | 401 | 403) code=401; return 1 ;;
                429) return 1 ;;
                *) code=000 why="token service: $why"; return 1 ;;
            esac
            flat "$dir/body" >"$dir/flat"
            token=$(at "$dir/flat" /token)
            case $token in '' | null) token=$(at "$dir/flat" /access_token) ;; esac
            if [ "$token" = null ]; then token=; fi
            : >"$dir/body"
            : >"$dir/flat"
            case $token in
                '' | *[!A-Za-z0-9._~+/=-]*) code=000 why="token service: no token"; return 1 ;;
            esac
            authorization="Bearer $token"
        }

        # What docker has under a name, an id or a digest, if anything.
        local_image() {
            shown=$(dk image inspect --format "$image_format" -- "$1" 2>/dev/null) || return 1
            report local "$(printf %s "$shown" | encode)"
        }

        # All that a pull of one image would find.
        look_up() {
            accept=$manifests
            names "$(decode "$word")"
            report way "$way"
            if [ "$way" = docker ]; then
                # The raw manifests would only fill the answer.
                if dk manifest inspect --verbose -- "$(decode "$word")" >"$dir/body" 2>"$dir/err"; then
                    local_image "$(decode "$word")"
                    report verbose "$(sed '/^[ \t]*"Raw": /d' "$dir/body" | encode)"
                    report code 200
                else
                    tell said "$(tail -n 3 "$dir/err")"
                    report code docker
                fi
                return
            fi
            for base in $(bases); do
                authorization=
                login "$base"
                manifest HEAD "$wanted"
                # Not every registry serves HEAD, and those that do not answer with whatever they like.
                case $code in 200 | 3?? | 401 | 429 | 000) ;; *) manifest GET "$wanted" ;; esac
                if [ "$code" = 200 ]; then break; fi
            done
            report base "$base"
            tell said "$why"
            limit_left=$(field ratelimit-remaining)
            case $limit_left in [0-9]*) report left "${limit_left%%;*}" ;; *) limit_left= ;; esac
            if [ "$code" = 200 ]; then content; fi
            report code "$code"
        }

        # The manifest of this host's kind, unless docker has the image or the last few pulls would go
        # on looking: Docker Hub counts each manifest that is fetched.
        content() {
            digest=$(field docker-content-digest)
            case $digest in *[!a-z0-9:]* | '') digest= ;; *) report digest "$digest" ;; esac
            if [ -n "$digest" ] && local_image "$given@$digest"; then return; fi
            if [ "${limit_left%%;*}" ] && [ "${limit_left%%;*}" -lt 10 ]; then return; fi
            manifest GET "${digest:-$wanted}"
            [ "$code" = 200 ] || { code=200; return; }
            report manifest "$(encode <"$dir/body")"
            flat "$dir/body" >"$dir/flat"
            own=$(GEUSE_ARCH=$goarch awk -F '\t' '
                match($1, /^\/manifests\/[0-9]+\//) {
                    entry = substr($1, 12, RLENGTH - 12)
                    fact[entry, substr($1, RLENGTH + 1)] = $2
                    if (entry >= count) count = entry + 1
                }
                END {
                    for (i = 0; i < count; i++)
                        if (fact[i, "platform/os"] == "linux" &&
                            fact[i, "platform/architecture"] == ENVIRON["GEUSE_ARCH"]) {
                            print fact[i, "digest"]
                            exit
                        }
                }' "$dir/flat")
            if grep -q '^/manifests/' "$dir/flat"; then
                case $own in '' | *[!a-z0-9:]*) return ;; esac
                manifest GET "$own"
                [ "$code" = 200 ] || { code=200; return; }
                report own "$(encode <"$dir/body")"
                flat "$dir/body" >"$dir/flat"
            fi
            config=$(at "$dir/flat" /config/digest)
            case $config in '' | *[!a-z0-9:]*) return ;; esac
            if local_image "$config" || [ -n "$own" ]; then return; fi
            blob "$config"
            flat "$dir/body" >"$dir/flat"
            report platform "$(at "$dir/flat" /os | tr -cd 'a-z0-9_')/$(at "$dir/flat" /architecture | tr -cd 'a-z0-9_')"
            code=200
        }

        # The tags of an image's repository that begin with a text.
        list_tags() {
            pair=$word word=${word%%:*}
            prefix=$(decode "${pair#*:}")
            names "$(decode "$word")"
            report way "$way"
            if [ "$way" = docker ]; then report code curl; return; fi
            accept=application/json
            for base in $(bases); do
                authorization=
                login "$base"
                pages=0 complete=no
                : >"$dir/tags"
                next=$base/v2/$name/tags/list?n=1000
                while [ "$pages" -lt 40 ]; do
                    follow GET "$next"
                    if [ "$code" != 200 ]; then break; fi
                    flat "$dir/body" | sed -n 's|^/tags/[0-9]*\t||p' >>"$dir/tags"
                    next=$(next_page)
                    case $next in
                        '') complete=yes; break ;;
                        elsewhere) complete=$next; break ;;
                    esac
                    pages=$((pages + 1))
                done
                if [ "$code" = 200 ]; then break; fi
            done
            tell said "$why"
            report complete "$complete"
            report tags "$(GEUSE_PREFIX=$prefix awk '
                index($0, ENVIRON["GEUSE_PREFIX"]) == 1 && /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/' "$dir/tags" |
                sort -u | head -n 4001 | encode)"
            report code "$code"
        }

        # Begins to look: each word of the second argument goes to a look-up of its own.
        look_ups() {
            settings
            # Names of its own: what stands between here and `looked_up` has others.
            look_up_count=0
            for word in $2; do
                look_up_count=$((look_up_count + 1))
                dir=$at_registries/$look_up_count
                mkdir "$dir"
                : >"$dir/lines"
                {
                    ulimit -f 4096
                    limit=20
                    "$1"
                    : >"$dir/done"
                } </dev/null >/dev/null 2>&1 9>&- &
            done
        }

        # Waits for the look-ups, some 30 s at most, and tells what they found, if there is room for it.
        looked_up() {
            ticks=0
            while [ "$ticks" -lt 300 ]; do
                found=$(ls "$at_registries"/*/done 2>/dev/null | wc -l)
                if [ "$found" -ge "$look_up_count" ]; then break; fi
                sleep 0.1
                ticks=$((ticks + 1))
            done
            cp "$work/payload" "$work/without"
            for dir in "$at_registries"/*/; do
                # What is not done is still being written.
                if [ -e "$dir/done" ]; then cat "$dir/lines"; else head -n 1 "$dir/lines"; fi >>"$work/payload"
            done
            result done
            if [ "$(wc -c <"$work/line")" -gt "$room" ] && [ -n "$1" ]; then cp "$work/without" "$work/payload"; fi
        }
        """# + "\n\n" + registryLogin + "\n\n" + registryPlaces

    /// Looks up images.
    static let registryImages = #"""
        look_ups look_up "$G_LOOKUPS"
        raw machine "$(uname -m | tr -cd 'A-Za-z0-9._-')"
        looked_up ''
        finish done
        """#

    /// Lists tags.
    static let registryTags = #"""
        look_ups list_tags "$G_LOOKUPS"
        looked_up ''
        finish done
        """#
}
