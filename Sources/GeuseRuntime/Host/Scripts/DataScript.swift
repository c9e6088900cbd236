extension HostScript {
    /// The data that lies on the mount, written down while nothing writes it, and compared later.
    static let data = #"""
        # Lists $work/data.paths, an entry a line: kind, mode, owner, size, time, hash or -, path. A newline
        # in a name stands as \001; a file that has that byte in its path gets kind u and a slash at the end, and
        # is not looked into. All of a file up to 64 KiB is hashed, and the head of 32 larger ones.
        # It runs in the background: on a hung mount even SIGKILL may not end it.
        data_steps() {
            unheard="*$(printf '\001')*"
            link='l %m %U:%G %s %T@ %p'
            # A file that was removed while somebody had it open keeps such a name until it is closed (nfs(5), and
            # Linux NFS client, "silly rename"): it is gone already.
            removed='.nfs[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]*'
            while IFS= read -r path; do
                # A path that is a link stands for what it leads to, and is an entry itself, with a slash at the end.
                [ ! -h "$path" ] || find "$path" -maxdepth 0 -printf "$link/\0= %l\0" || return
                [ -e "$path" ] || continue
                find -H "$path" -xdev \( -path "$mount/.geusemaker" -o -path "$path/.geusemaker" \) -prune -o \
                    -type f -name "$removed" -o -type d -printf 'd %m %U:%G - - %p\0' -o -type l -printf "$link\0= %l\0" -o \
                    -type f -path "$unheard" -printf 'u %m %U:%G %s %T@ %p/\0' -o -printf '%y %m %U:%G %s %T@ %p\0' || return
            done <"$work/data.paths" >"$work/data.raw"
            # What a link leads to stands behind its size.
            tr '\n\000' '\001\n' <"$work/data.raw" | awk '
                link != "" {
                    to = substr($0, 3); gsub(/ /, "\002", to)
                    match(link, /^l [^ ]+ [^ ]+ [^ ]+/)
                    print substr(link, 1, RLENGTH) ">" to substr(link, RLENGTH + 1)
                    link = ""; next
                }
                /^l / { link = $0; next }
                { print }' | sort -u >"$work/data.list"
            : >"$work/data.listed"
            mkdir -p "$work/data.hashes"
            # -z came with coreutils 8.25; Amazon Linux 2 has 8.22.
            if sha256sum -z </dev/null >/dev/null 2>&1; then
                named 'f' 0 65536 | xargs -0 -r -P 8 -n 32 sh -c '
                    sha256sum -z -- "$@" >"$0/$$.part"; mv "$0/$$.part" "$0/$$.done"' "$work/data.hashes"
            else
                named 'f' 0 65536 | hash_heads 32
            fi
            named 'f' 65537 0 >"$work/data.large"
            count=$(tr -cd '\000' <"$work/data.large" | wc -c)
            tr '\n\000' '\001\n' <"$work/data.large" | awk -v each="$(((count + 31) / 32))" '
                each < 2 || NR % each == 1' | tr '\n\001' '\000\n' | hash_heads 4
            : >"$work/data.hashed"
        }
        # The heads of files, name by name; $1 of them a process. What cannot be read has no hash.
        hash_heads() {
            xargs -0 -r -P 8 -n "$1" sh -c '
                for name do
                    [ -r "$name" ] && sum=$(head -c 65536 -- "$name" | sha256sum) || continue
                    printf "%s  %s\000" "${sum%% *}" "$name"
                done >"$0/$$.part"; mv "$0/$$.part" "$0/$$.done"' "$work/data.hashes"
        }
        # Names of the list, from a size to a size (0: without end), each with a NUL behind it.
        named() {
            awk -v kind="$1" -v from="$2" -v to="$3" '
                $1 == kind && $4 >= from && (!to || $4 <= to) {
                    sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ /, ""); print }' "$work/data.list" |
                tr '\n\001' '\000\n'
        }

        # Ends a process and all that it started, which would read on while services start. Each is stopped
        # first, so that none has a child that was not seen.
        end_tree() {
            tree=$1
            for pass in 1 2 3 4 5; do
                # shellcheck disable=SC2086 # process ids
                kill -STOP $tree 2>/dev/null
                more=$(cat /proc/[0-9]*/stat 2>/dev/null | sed -n 's/^\([0-9]*\) (.*) [A-Za-z] \([0-9]*\) .*$/\1 \2/p' |
                    awk -v tree="$tree" '
                        BEGIN { count = split(tree, ids, " "); for (i = 1; i <= count; i++) known[ids[i]] = 1 }
                        { parent[$1] = $2 }
                        END {
                            do {
                                found = 0
                                for (id in parent) if (!(id in known) && (parent[id] in known)) {
                                    known[id] = 1; found = 1; print id
                                }
                            } while (found)
                        }' | tr '\n' ' ')
                [ -n "$more" ] || break
                tree="$tree $more"
            done
            # shellcheck disable=SC2086
            kill -9 $tree 2>/dev/null
        }

        # The list is waited for while the services are stopped, as long as it grows: without it nothing is
        # known of the data.
        list_seconds=300 still_seconds=60
        # Makes $work/data.now; fails when not even the list came to its end. Within $1 seconds files are looked
        # into; behind a list that took longer for ten more.
        gather_data() {
            rm -rf "$work"/data.raw "$work"/data.list "$work"/data.listed "$work"/data.hash*
            data_steps </dev/null >/dev/null 2>&1 9>&- &
            gathering=$!
            ticks=0 grown=0 had=-1
            last=$((list_seconds * 20))
            listing=yes
            until [ -e "$work/data.hashed" ]; do
                if [ -n "$listing" ] && [ -e "$work/data.listed" ]; then
                    listing=
                    last=$(($1 * 20))
                    if [ "$ticks" -ge "$last" ]; then last=$((ticks + 200)); fi
                fi
                if [ -n "$listing" ] && [ $((ticks % 20)) = 0 ]; then
                    has=$(cat "$work/data.raw" "$work/data.list" 2>/dev/null | wc -c)
                    if [ "$has" != "$had" ]; then had=$has; grown=$ticks; fi
                    if [ $((ticks - grown)) -ge $((still_seconds * 20)) ]; then last=0; fi
                fi
                if [ "$ticks" -ge "$last" ] || ! kill -0 "$gathering" 2>/dev/null; then
                    end_tree "$gathering"
                    break
                fi
                sleep 0.05
                ticks=$((ticks + 1))
            done
            [ -e "$work/data.listed" ] || return 1
            cat "$work"/data.hashes/*.done 2>/dev/null | tr '\n\000' '\001\n' >"$work/data.sums"
            awk '
                FILENAME == ARGV[1] { hash = $1; sub(/^[^ ]+ [ *]/, ""); sums[$0] = hash; next }
                {
                    meta = $1 " " $2 " " $3 " " $4 " " $5
                    sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ /, "")
                    print meta " " (($0 in sums) ? sums[$0] : "-") " " $0
                }' "$work/data.sums" "$work/data.list" >"$work/data.now"
        }
        # Files, bytes and how many of them were hashed.
        data_counts() {
            awk '$1 == "f" || $1 == "u" { files++; bytes += $4; if ($6 != "-") hashed++ }
                END { printf "%d %.0f %d\n", files, bytes, hashed }' "$work/data.now"
        }

        # Writes down what there is, on the root disk, which no mount can hide.
        record_data() {
            known=$lib/runs/$lease_run-data
            rm -f "$known" "$known.paths"
            find_mount
            if [ "$mounted" != yes ]; then raw data 'unmounted 0 0 0'; return 0; fi
            bound_paths >"$work/data.paths"
            remember_aliases
            if ! gather_data 20; then raw data 'slow 0 0 0'; return 0; fi
            { cp "$work/data.paths" "$known.paths" && cp "$work/data.now" "$known.new" &&
                sync "$known.paths" "$known.new" && mv -f "$known.new" "$known"; } 2>"$work/err" ||
                { raw data 'unwritten 0 0 0'; return 0; }
            raw data "recorded $(data_counts)"
        }

        # Compares with what this run wrote down, unless a service has run since and may have written.
        compare_data() {
            known=$lib/runs/$lease_run-data
            [ -e "$known" ] && [ -e "$known.paths" ] || return 0
            since=$(date -u -d "@$(stat -c %Y "$known")" +%Y-%m-%dT%H:%M:%S)
            if sed -n 's/^.*"started":"\([^"]*\)".*$/\1/p' "$work/containers" 2>/dev/null |
                GEUSE_SINCE=$since awk 'substr($0, 1, 19) >= ENVIRON["GEUSE_SINCE"] { found = 1 }
                    END { exit !found }'
            then
                raw data 'written 0 0 0'
                return 0
            fi
            cp "$known.paths" "$work/data.paths"
            if ! gather_data 60; then raw data 'slow 0 0 0'; return 0; fi
            awk -v count="$work/data.compared" '
                function parse() {
                    meta = $1 " " $2 " " $3 " " $4 " " $5; hash = $6
                    sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ /, "")
                }
                { parse() }
                FILENAME == ARGV[1] { metas[$0] = meta; hashes[$0] = hash; next }
                !($0 in metas) { print "added " $0; next }
                {
                    if (metas[$0] != meta) print "changed " $0
                    else if (hash != "-" && hashes[$0] != "-") {
                        compared++
                        if (hash != hashes[$0]) print "changed " $0
                    }
                    delete metas[$0]
                }
                END { print compared + 0 >count; for (name in metas) print "lost " name }' "$known" "$work/data.now" |
                sort -r >"$work/data.diff"
            word=same
            if [ -s "$work/data.diff" ]; then word=changed; fi
            if grep -q '^lost ' "$work/data.diff"; then word=lost; fi
            # shellcheck disable=SC2046 # three numbers
            set -- $(data_counts)
            compared=$(cat "$work/data.compared")
            # Names, sizes and times alone do not make it the same.
            if [ "$word:$compared" = same:0 ] && [ "$1" -gt 0 ]; then word=unread; fi
            if [ "$word" = same ] && grep -q '^u ' "$work/data.now"; then word=unread; fi
            raw data "$word $1 $2 $compared"
            head -n 5 "$work/data.diff" | while IFS= read -r line; do put difference "$line"; done
            case $word:$change in
                # Going back, services may start on data that something else has changed since; not where
                # some of it is gone.
                same:* | unread:* | changed:restore) ;;
                *) end_at proof "data_$word" "$(wc -l <"$work/data.diff")" ;;
            esac
        }
        # From here on services write.
        forget_data() { rm -f "$lib/runs/$lease_run-data" "$lib/runs/$lease_run-data.paths"; }
        """#
}
