extension HostScript {
    /// Waits for docker where it does not answer.
    static let engine = #"""
        # What systemd says of docker: coming, dead, or unknown where it says nothing. Before its turn at boot a
        # unit is inactive and has a job that waits.
        docker_stands() {
            shown=$(timeout -k 1 5 systemctl show -p ActiveState,Job -- docker.service \
                snap.docker.dockerd.service 2>/dev/null </dev/null 9>&-)
            case $shown in
                '') echo unknown ;;
                *=active* | *=activating* | *=reloading* | *=deactivating* | *Job=[1-9]*) echo coming ;;
                *) echo dead ;;
            esac
        }
        # Seconds that no correction of the clock moves: one is likely after a boot.
        ticking() {
            if read -r seconds others </proc/uptime; then echo "${seconds%%.*}"; else date +%s; fi 2>/dev/null
        }
        # To be called once docker did not answer: after a boot it may come later than the agent. With `start` one
        # that is dead is started, once.
        await_docker() {
            waiting_since=$(ticking)
            start_tried=no
            until (limit=10; dk version --format '{{.Server.Version}}' >/dev/null 2>"$work/err"); do
                stands=$(docker_stands)
                if [ "$stands:$start_tried:${1-}" = dead:no:start ]; then
                    start_tried=yes
                    if start_docker; then continue; fi
                fi
                case $stands in
                    coming) longest_wait=120 ;;
                    unknown) longest_wait=20 ;;
                    *) return 1 ;;
                esac
                [ $(($(ticking) - waiting_since)) -lt "$longest_wait" ] || return 1
                sleep 1
            done
        }
        # Docker that starts may start containers: on a proven mount only.
        start_docker() {
            prove
            for unit in docker.service snap.docker.dockerd.service; do
                timeout -k 1 60 systemctl start -- "$unit" >/dev/null 2>&1 </dev/null 9>&- && return
            done
            return 1
        }
        """#
}
