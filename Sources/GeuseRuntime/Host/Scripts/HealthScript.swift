extension HostScript {
    /// How the services stand, and whether they answer.
    static let health = #"""
        # One line a container: service, state, health, restarts, id, exit code, start, restart policy.
        # Services of the project alone count.
        states() {
            dk ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" \
                --filter label=com.docker.compose.oneoff=False 2>/dev/null | tr '\n' ' ' >"$work/targets"
            [ -s "$work/targets" ] || return 0
            # shellcheck disable=SC2046
            dk inspect --type container --format "$state_format" $(cat "$work/targets") 2>/dev/null
        }
        state_format='{{'$label'.service"}} {{.State.Status}} '
        state_format=$state_format'{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} '
        state_format=$state_format'{{.RestartCount}} {{.ID}} {{.State.ExitCode}} {{.State.StartedAt}} '
        state_format=$state_format'{{.HostConfig.RestartPolicy.Name}}'

        # What the states say: well, waiting, or what is wrong, with the service. One that is not to be
        # restarted and ended with 0 has done its work, unless it is among those that have to last: an image
        # that does nothing and ends at once must not pass for a server that is well.
        judged() {
            awk -v passed="$(($(now) - began))" -v usual="$health_limit" '
                function late(name) { return passed >= ((name in own) ? own[name] : usual) }
                FILENAME == ARGV[1] { if (NF == 2) base[$1] = $2; next }
                FILENAME == ARGV[2] { wanted[$1] = 1; next }
                FILENAME == ARGV[3] { if ($2 != "-") own[$1] = $2; next }
                FILENAME == ARGV[4] { lasting[$1] = 1; next }
                $1 in wanted {
                    seen[$1] = 1
                    if ($2 == "exited" && $6 == "0" && !($1 in lasting) &&
                        ($8 == "" || $8 == "no" || $8 == "on-failure")) next
                    if ($2 == "exited" || $2 == "dead") worst = "exited " $1
                    else if (($5 in base) && $4 - base[$5] >= 2) worst = "restarting " $1
                    else if ($3 == "unhealthy" && !($1 in own) && worst == "") worst = "unhealthy " $1
                    else if ($2 != "running" || $3 == "starting" || $3 == "unhealthy") {
                        waiting = $1
                        if (late($1) && worst == "") worst = "late " $1
                    }
                }
                END {
                    for (name in wanted) if (!seen[name]) {
                        waiting = name
                        if (late(name) && worst == "") worst = "late " name
                    }
                    if (worst != "") print worst
                    else if (waiting != "") print "waiting " waiting
                    else print "well"
                }' "$work/first" "$work/names" "$work/checks" "$work/lasting" "$work/states"
        }

        # The first service that has not run for as long as it takes to believe it. One that says itself how it
        # is, by a health check or a probe, is believed; of one that does not docker takes a start for a good
        # one after 10 s. What was not started anew has run for longer already.
        young() {
            awk -v now="$(now)" -v began="$began" -v usual="$quiet" '
                # Seconds since 1970 of a time in UTC (days from civil, era of 400 years).
                function epoch(s,   y, m, d, era, year, day) {
                    y = substr(s, 1, 4) + 0; m = substr(s, 6, 2) + 0; d = substr(s, 9, 2) + 0
                    if (m <= 2) y--
                    era = int(y / 400)
                    year = y - era * 400
                    day = int((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + d - 1
                    day = era * 146097 + year * 365 + int(year / 4) - int(year / 100) + day - 719468
                    return day * 86400 + substr(s, 12, 2) * 3600 + substr(s, 15, 2) * 60 + substr(s, 18, 2)
                }
                FILENAME == ARGV[1] { wanted[$1] = 1; next }
                FILENAME == ARGV[2] { if ($3 != "-") probed[$1] = 1; if ($4 != "-") own[$1] = $4; next }
                $1 in wanted && $2 == "running" {
                    need = ($1 in own) ? own[$1] : ($3 != "none" || $1 in probed) ? 0 : usual
                    start = epoch($7)
                    # A clock that was set back since, or a start that docker does not tell.
                    if (start > now || start <= 0) start = began
                    if (now - start < need) { print $1; exit }
                }' "$work/names" "$work/checks" "$work/states"
        }

        # Services that ran before and that nobody waits for to end: those have to last.
        find_lasting() {
            awaited_of "$work/config" >"$work/once"
            for word in $G_LASTING; do printf '%s\n' "$(decode "$word")"; done >"$work/before"
            without "$work/once" "$work/before" >"$work/lasting"
        }

        # Limits, probes and settle times of single services: name, seconds, probe, seconds; `-` for none.
        read_checks() {
            : >"$work/checks"
            latest=$health_limit
            longest=$settle
            if [ "$quiet" -gt "$longest" ]; then longest=$quiet; fi
            for word in $G_CHECKS; do
                rest=${word#*:}
                seconds=$(decode "${rest%%:*}")
                rest=${rest#*:}
                probe=$(decode "${rest%%:*}")
                calm=$(decode "${rest#*:}")
                printf '%s %s %s %s\n' "$(decode "${word%%:*}")" "${seconds:--}" "${probe:--}" "${calm:--}" \
                    >>"$work/checks"
                if [ "${seconds:-0}" -gt "$latest" ]; then latest=$seconds; fi
                if [ "${calm:-0}" -gt "$longest" ]; then longest=$calm; fi
            done
        }

        # The program that asks a port, and the one that asks an address; empty where the host has none.
        # Not every bash was built with /dev/tcp, curl-minimal (Amazon Linux 2023) has no telnet, and
        # busybox's nc no -z.
        find_askers() {
            port_asker='' address_asker=''
            if command -v bash >/dev/null 2>&1 &&
                case $(timeout -k 1 5 bash -c ': 3<>/dev/tcp/127.0.0.1/1' 2>&1 </dev/null 9>&-) in
                    *'No such file'*) false ;;
                esac
            then port_asker=bash
            elif command -v python3 >/dev/null 2>&1; then port_asker=python3
            elif curl --version 2>/dev/null 9>&- | grep -qw telnet; then port_asker=curl
            elif command -v nc >/dev/null 2>&1 &&
                case $(timeout -k 1 5 nc -z -w 1 127.0.0.1 1 2>&1 </dev/null 9>&-) in *option*) false ;; esac
            then port_asker=nc
            fi
            for name in python3 wget curl; do
                if command -v "$name" >/dev/null 2>&1; then address_asker=$name; fi
            done
            # GNU's wget and that of busybox have words of their own for "without a proxy", and not every
            # busybox was built with -T.
            direct='-Y off'
            if [ "$address_asker" = wget ] && wget --version 2>/dev/null 9>&- | grep -q GNU; then
                direct='--no-proxy -T 5'
            fi
        }
        # Asks a service; a status from 400 on is no answer. 2 where no program of the host can ask. The agent
        # may have a proxy in its environment: what that says of an address is not what the service says.
        probe_service() {
            target=${1#tcp://}
            case $1 in
                tcp://*)
                    place=${target%:*} port=${target##*:}
                    place=${place#\[} place=${place%\]}
                    case $port_asker in
                        bash) timeout -k 1 6 bash -c "$bash_port" "$place" "$port" </dev/null 9>&- ;;
                        python3) timeout -k 1 8 python3 -c "$python_port" "$place" "$port" </dev/null 9>&- ;;
                        curl)
                            # A connection that is taken and then stays silent runs into the limit (28).
                            # The size tells of one that sent something before it hung up.
                            said=$(timeout -k 1 8 curl --noproxy '*' -s -m 5 --connect-timeout 4 -o /dev/null \
                                -w '%{time_connect} %{size_download}' -- "telnet://$target" 2>/dev/null </dev/null 9>&-)
                            case $?:$said in
                                *' '[1-9]*) return 0 ;;
                                28:0.000000\ * | 28:0\ *) return 1 ;;
                                28:*) return 0 ;;
                                *) return 1 ;;
                            esac
                            ;;
                        nc) timeout -k 1 8 nc -z -w 5 "$place" "$port" </dev/null 9>&- ;;
                        *) return 2 ;;
                    esac
                    ;;
                *)
                    case $address_asker in
                        curl)
                            timeout -k 1 8 curl --noproxy '*' -fsS -m 5 -o /dev/null -- "$1" </dev/null 9>&-
                            ;;
                        # shellcheck disable=SC2086 # words without blanks
                        wget) timeout -k 1 8 wget $direct -q -O /dev/null -- "$1" </dev/null 9>&- ;;
                        python3) timeout -k 1 8 python3 -c "$python_address" "$1" </dev/null 9>&- ;;
                        *) return 2 ;;
                    esac
                    ;;
            esac >/dev/null 2>&1 || return 1
        }
        # Docker takes connections to a published port itself and hangs up when nothing listens behind it: one
        # that ends within a second without a word was not taken by the service. nc cannot tell, and is last.
        bash_port='exec 3<>"/dev/tcp/$0/$1" || exit 1; read -r -t 1 -n 1 -u 3; s=$?; [ $s = 0 ] || [ $s -gt 128 ]'
        python_port='import select, socket, sys; s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5); '
        python_port=$python_port'sys.exit(bool(select.select([s], [], [], 1)[0]) and not s.recv(1))'
        # A redirect is an answer and is not followed, as with curl.
        python_address='import sys, urllib.request as u; own = lambda self, asked, answer: answer; '
        python_address=$python_address'raw = type("Raw", (u.HTTPErrorProcessor,), {"http_response": own, "https_response": own}); '
        python_address=$python_address'sys.exit(u.build_opener(u.ProxyHandler({}), raw).open(sys.argv[1], timeout=5).status >= 400)'

        # The first service with a probe that no program of the host can ask.
        unaskable() {
            while read -r name seconds probe calm; do
                case $probe in
                    -) continue ;;
                    tcp://*) [ -z "$port_asker" ] || continue ;;
                    *) [ -z "$address_asker" ] || continue ;;
                esac
                echo "$name"
                return
            done <"$work/checks"
        }
        # The first service of those waited for whose probe is not answered; behind a ? one that could not
        # be asked.
        unanswered() {
            while read -r name seconds probe calm; do
                [ "$probe" != - ] && grep -qxF -- "$name" "$work/names" || continue
                probe_service "$probe"
                case $? in
                    0) continue ;;
                    2) name="?$name" ;;
                esac
                echo "$name"
                return
            done <"$work/checks"
        }
        """#
}
