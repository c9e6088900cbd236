extension HostScript {
    /// Whether anything mounts the data again at the next boot.
    static let bootMount = #"""
        # Puts what brings the mount back: fstab, unit, named (a file that may run at boot names the mount
        # point), nothing, or unknown; and where that is. Of the files nothing but their path leaves the host.
        tell_boot_mount() {
            found_at=
            boot_mount
            raw boot "$at_boot $(printf %s "${found_at#"$root"}" | encode)"
        }
        boot_mount() {
            at_boot=unknown
            [ -r "$root/etc/fstab" ] || return 0
            at_boot=fstab found_at=/etc/fstab
            GEUSE_MOUNT=$mount awk '
                $1 ~ /^#/ { next }
                { place = $2; if (length(place) > 1) sub(/\/+$/, "", place) }
                place == ENVIRON["GEUSE_MOUNT"] {
                    listed = 1
                    options = "," $4 ","
                    if (options !~ /,noauto,/ || options ~ /,x-systemd\.automount,/) found = 1
                }
                END { exit found ? 0 : listed ? 2 : 1 }' "$root/etc/fstab"
            listed=$?
            [ "$listed" != 0 ] || return 0
            if command -v systemctl >/dev/null 2>&1 && command -v systemd-escape >/dev/null 2>&1; then
                for kind in mount automount; do
                    unit=$(systemd-escape -p --suffix="$kind" -- "$mount" 2>/dev/null)
                    at_boot=unknown found_at=$unit
                    shown=$(timeout -k 1 10 systemctl show -p FragmentPath,UnitFileState,WantedBy,RequiredBy \
                        -- "$unit" 2>/dev/null </dev/null 9>&-) || return 0
                    unit_state=$(printf '%s\n' "$shown" | sed -n 's/^UnitFileState=//p')
                    wanted_by=$(printf '%s\n' "$shown" | sed -n 's/^\(Wanted\|Required\)By=//p')
                    # One that was mounted by hand has a unit without a file.
                    case $(printf '%s\n' "$shown" | sed -n 's/^FragmentPath=//p') in
                        '' | /run/systemd/transient/*) continue ;;
                        # Made from an fstab that has no such line any more.
                        /run/systemd/generator*) [ "$listed" = 2 ] || continue ;;
                    esac
                    case $unit_state:$wanted_by in
                        enabled:* | *:*[a-z]*) at_boot=unit; return 0 ;;
                        disabled: | masked: | generated:) continue ;;
                        *) return 0 ;;
                    esac
                done
            fi
            set --
            for name in /etc/rc.local /etc/rc.d/rc.local /etc/init.d /etc/systemd/system /etc/crontab /etc/cron.d \
                /var/spool/cron /etc/auto.master /etc/auto.master.d /etc/auto.efs /etc/auto.misc \
                /etc/network/if-up.d /etc/NetworkManager/dispatcher.d /usr/local/bin /usr/local/sbin \
                /var/lib/cloud/instance/user-data.txt /var/lib/cloud/instance/user-data.txt.i \
                /var/lib/cloud/instance/scripts /var/lib/cloud/scripts; do
                if [ -e "$root$name" ]; then set -- "$@" "$root$name"; fi
            done
            at_boot=nothing found_at=
            [ $# -gt 0 ] || return 0
            found_at=$(timeout -k 1 10 grep -rIlF -e "$mount" -- "$@" 2>"$work/err" </dev/null 9>&-)
            case $? in
                0) at_boot=named found_at=$(printf '%s\n' "$found_at" | head -n 1) ;;
                1) ;;
                *) at_boot=unknown found_at= ;;
            esac
        }
        """#
}
