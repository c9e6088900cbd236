extension HostScript {
    /// Puts one value in the place of another in environment files, every other byte kept.
    static let environmentEdit = #"""
        # $1: file, $2 and $3: files with the old and the new value, $4: the result, $5: how many places.
        # Only lines of the variables that are meant, and only where their value is the old one; a value is
        # plain or in quotes (compose, "Use an environment file").
        edit_environment() {
            GEUSE_OLD=$2 GEUSE_NEW=$3 GEUSE_COUNT=$5 GEUSE_NAMES=" $variables " awk '
                BEGIN { getline old < ENVIRON["GEUSE_OLD"]; getline new < ENVIRON["GEUSE_NEW"] }
                {
                    if (match($0, /^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]*=[ \t]*/)) {
                        head = substr($0, 1, RLENGTH); rest = substr($0, RLENGTH + 1)
                        name = head
                        sub(/^[ \t]*(export[ \t]+)?/, "", name); sub(/[ \t]*=[ \t]*$/, "", name)
                        if (index(ENVIRON["GEUSE_NAMES"], " " name " ") > 0) {
                            quote = substr(rest, 1, 1)
                            if (quote != "\"" && quote != "\047") quote = ""
                            if (substr(rest, 1, length(quote old quote)) == quote old quote) {
                                tail = substr(rest, length(quote old quote) + 1)
                                if (tail ~ /^([ \t]+#.*|[ \t]*)\r?$/) {
                                    $0 = head quote new quote tail
                                    count++
                                }
                            }
                        }
                    }
                    print
                }
                END { print count + 0 > ENVIRON["GEUSE_COUNT"] }' "$1" >"$4.lines"
            # awk ends every line; the file may not end its last one.
            if [ "$(tail -c 1 "$1" | wc -l)" = 0 ]; then
                head -c "$(($(wc -c <"$4.lines") - 1))" "$4.lines" >"$4"
            else
                cat "$4.lines" >"$4"
            fi
            rm -f "$4.lines"
        }

        # Puts bytes in place of a file at one go; owner and mode stay. $1: file, $2: the bytes.
        put_file() {
            put_copy=${1%/*}/.geusemaker-rotation
            cp -p "$1" "$put_copy" && cat "$2" >"$put_copy" && sync "$put_copy" && mv -f "$put_copy" "$1" &&
                sync "${1%/*}"
        }
        """#
}
