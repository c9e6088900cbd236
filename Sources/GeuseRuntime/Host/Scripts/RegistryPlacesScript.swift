extension HostScript {
    /// Follows a registry to where its manifests, blobs and further tags lie.
    ///
    /// Sources: OCI distribution specification ("Pulling blobs", "Pulling manifests", "Listing tags");
    /// RFC 8288 (parameters and relations of links, relative addresses); Go's net/http, by which docker
    /// follows redirects and gives a login to no other host.
    static let registryPlaces = #"""
        # The scheme and the host of an address.
        origin() { printf %s "$1" | sed 's|^\(https*://[^/]*\).*|\1|'; }

        # A request for what may lie elsewhere, where it is asked for then, as docker does. The registry's token
        # goes to no other host, and that other one's refusal says nothing of the image.
        follow() {
            request "$1" "$2"
            own_token=$authorization here=$(origin "$base") hops=0 elsewhere=
            while [ "$hops" -lt 5 ]; do
                case $code in 301 | 302 | 303 | 307 | 308) ;; *) break ;; esac
                place=$(field location)
                case $place in
                    //*) break ;;
                    /*) place=$here$place ;;
                    "$here"/*) ;;
                    https://*) authorization= here=$(origin "$place") elsewhere=yes ;;
                    *) break ;;
                esac
                if [ -n "$elsewhere" ]; then
                    send "$1" "$place"
                else
                    request "$1" "$place"
                    own_token=$authorization
                fi
                hops=$((hops + 1))
            done
            authorization=$own_token
            case $elsewhere$code in yes401 | yes403) why="HTTP $code from $here" code=000 ;; esac
        }

        # A manifest by a tag or a digest.
        manifest() { follow "$1" "$base/v2/$name/manifests/$2"; }

        # Where a list of tags goes on, as the last answer has it; nothing at its end. Of an address of the list
        # only the query counts, and it is asked for where the list was: behind a proxy a registry may
        # not know its own scheme, host and path. Any other address is followed on the registry alone.
        next_page() {
            target=$(awk '
                /^HTTP\// { links = "" }
                {
                    sub(/\r$/, "")
                    colon = index($0, ":")
                    if (colon && tolower(substr($0, 1, colon - 1)) == "link") links = links "," substr($0, colon + 1)
                }
                END {
                    while (match(links, /<[^>]*>/)) {
                        target = substr(links, RSTART + 1, RLENGTH - 2)
                        links = substr(links, RSTART + RLENGTH)
                        # Its parameters end with a comma outside of quotes.
                        words = ""
                        inside = 0
                        for (i = 1; (c = substr(links, i, 1)) != ""; i++) {
                            if (c == "\"") { inside = !inside; continue }
                            if (c == "," && !inside) break
                            words = words (c == ";" && !inside ? "\n" : c)
                        }
                        links = substr(links, i)
                        count = split(tolower(words), parameter, "\n")
                        for (i = 1; i <= count; i++)
                            if (sub(/^[ \t]*rel[ \t]*=/, "", parameter[i]) && (" " parameter[i] " ") ~ /[ \t]next[ \t]/) {
                                print target
                                exit
                            }
                    }
                }' "$dir/head")
            path=${target%%\?*}
            query=${target#"$path"}
            case $path in
                */tags/list | tags/list | list) echo "$base/v2/$name/tags/list$query" ;;
                '') if [ -n "$query" ]; then echo "$base/v2/$name/tags/list$query"; fi ;;
                "$base"/*) echo "$target" ;;
                //* | [!/]*) echo elsewhere ;;
                *) echo "$(origin "$base")$target" ;;
            esac
        }

        # A blob; where it lies elsewhere it is fetched there, without the registry's token.
        blob() {
            request GET "$base/v2/$name/blobs/$1"
            case $code in 301 | 302 | 303 | 307 | 308) ;; *) return 0 ;; esac
            place=$(field location)
            case $place in
                https://*) ;;
                /*) place=$(origin "$base")$place ;;
                *) return 0 ;;
            esac
            authorization= accept=
            send GET "$place"
        }
        """#
}
