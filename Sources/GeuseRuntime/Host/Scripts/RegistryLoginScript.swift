extension HostScript {
    /// Who root is to a registry, as docker's own settings and helpers have it.
    static let registryLogin = #"""
        # The stored login for a base: $basic (user and password in base64) or $identity (a refresh token).
        # The server that a login is stored under is its host, for Docker Hub index.docker.io/v1/.
        login() {
            basic= identity=
            server=${1#*://} server=${server%%/*}
            if [ "$server" = registry-1.docker.io ]; then server=https://index.docker.io/v1/; fi
            helper=$(at "$at_registries/login" "/credHelpers/$server")
            if [ "$server" = https://index.docker.io/v1/ ] && [ -z "$helper" ]; then
                helper=$(at "$at_registries/login" /credHelpers/docker.io)
            fi
            if [ -z "$helper" ]; then helper=$(at "$at_registries/login" /credsStore); fi
            case $helper in
                '' | *[!A-Za-z0-9._-]*) ;;
                *)
                    printf %s "$server" | timeout -k 1 10 "docker-credential-$helper" get \
                        >"$dir/secret" 2>/dev/null 9>&- && flat "$dir/secret" >"$dir/secrets" 2>/dev/null &&
                        user=$(at "$dir/secrets" /Username) && secret=$(at "$dir/secrets" /Secret) &&
                        case $user in
                            '<token>') identity=$secret ;;
                            ?*) basic=$(printf '%s:%s' "$user" "$secret" | encode) ;;
                        esac
                    rm -f "$dir/secret" "$dir/secrets"
                    ;;
            esac
            if [ -n "$basic$identity" ]; then return; fi
            stored "$server" >"$dir/secrets"
            identity=$(at "$dir/secrets" identitytoken)
            if [ -z "$identity" ]; then basic=$(at "$dir/secrets" auth); fi
            if [ -z "$identity$basic" ] && user=$(at "$dir/secrets" username) && [ -n "$user" ]; then
                basic=$(printf '%s:%s' "$user" "$(at "$dir/secrets" password)" | encode)
            fi
            rm -f "$dir/secrets"
        }
        # What is stored for a server: under its very name, else under any address of its host, as docker has
        # it (docker/cli, configfile: ConvertToHostname).
        stored() {
            GEUSE_SERVER=$1 awk -F '\t' '
                function host(key) { sub(/^https?:\/\//, "", key); sub(/\/.*$/, "", key); return key }
                index($1, "/auths/") == 1 && match($1, /\/[a-z]+$/) && RSTART > 7 {
                    key = substr($1, 8, RSTART - 8)
                    value = substr($0, length($1) + 2)
                    field = substr($1, RSTART + 1)
                    if (value == "" || host(key) != host(ENVIRON["GEUSE_SERVER"])) next
                    if (field !~ /^(identitytoken|auth|username)$/) { if (field == "password") secret[key] = value; next }
                    if (!(key in seen)) { seen[key] = 1; keys[++count] = key }
                    has[key, field] = value
                }
                END {
                    chosen = (ENVIRON["GEUSE_SERVER"] in seen) ? ENVIRON["GEUSE_SERVER"] : keys[1]
                    if (!count) exit
                    split("identitytoken auth username", fields, " ")
                    for (i = 1; i <= 3; i++)
                        if ((chosen, fields[i]) in has) print fields[i] "\t" has[chosen, fields[i]]
                    if (chosen in secret) print "password\t" secret[chosen]
                }' "$at_registries/login" 2>/dev/null
        }
        """#
}
