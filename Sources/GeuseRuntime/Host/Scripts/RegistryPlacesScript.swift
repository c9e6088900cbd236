extension HostScript {
    /// Follows a registry to where its manifests and blobs lie.
    ///
    /// Sources: OCI distribution specification ("Pulling blobs", "Pulling manifests"); Go's net/http, by
    /// which docker follows redirects and gives a login to no other host.
    static let registryPlaces = #"""
        # The scheme and the host of an address.
        origin() { printf %s "$1" | sed 's|^\(https*://[^/]*\).*|\1|'; }

        # A manifest by a tag or a digest; where it lies elsewhere it is asked for there, as docker does. The
        # registry's token goes to no other host, and that other one's refusal says nothing of the image.
        manifest() {
            request "$1" "$base/v2/$name/manifests/$2"
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
                send "$1" "$place"
                hops=$((hops + 1))
            done
            authorization=$own_token
            case $elsewhere$code in yes401 | yes403) why="HTTP $code from $here" code=000 ;; esac
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
