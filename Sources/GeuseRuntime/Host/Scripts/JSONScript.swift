extension HostScript {
    /// Reads JSON where it cannot travel: logins, tokens, and what the next request hangs on.
    static let json = #"""
        # A JSON file as lines of path, tab and value: `/auths/ghcr.io/auth`, `/manifests/0/digest`. With a
        # second word what is empty is told too, by its bracket. Fails where the text is not whole.
        flat() {
            awk -v empties="${2-}" '
                function skip() {
                    while ((c = substr(s, i, 1)) == " " || c == "\t" || c == "\n" || c == "\r") i++
                }
                function text(   from, q, t) {
                    if (c != "\"") exit 1
                    from = ++i
                    while ((q = substr(s, i, 1)) != "\"") {
                        if (q == "") exit 1
                        i += (q == "\\") ? 2 : 1
                    }
                    t = substr(s, from, i - from)
                    i++
                    if (index(t, "\\")) {
                        gsub(/\\u0026/, "\\&", t)
                        gsub(/\\u003c/, "<", t)
                        gsub(/\\u003e/, ">", t)
                        gsub(/\\\//, "/", t)
                        gsub(/\\"/, "\"", t)
                        gsub(/\\\\/, "\\", t)
                    }
                    return t
                }
                function value(path,   kind, n, key, from) {
                    if (++deep > 40) exit 1
                    skip()
                    if (c == "\"") print path "\t" text()
                    else if (c == "{" || c == "[") {
                        kind = c
                        n = 0
                        i++
                        for (;;) {
                            skip()
                            if (c == "") exit 1
                            if (c == "}" || c == "]") { i++; break }
                            if (c == ",") { i++; continue }
                            key = n++
                            if (kind == "{") {
                                key = text()
                                skip()
                                if (c != ":") exit 1
                                i++
                            }
                            value(path "/" key)
                        }
                        if (!n && empties != "") print path "\t" kind
                    } else {
                        from = i
                        while (substr(s, i, 1) ~ /[-+.0-9A-Za-z]/) i++
                        if (i == from) exit 1
                        print path "\t" substr(s, from, i - from)
                    }
                    deep--
                }
                { s = s $0 "\n" }
                END { i = 1; value("") }' "$1"
        }
        # The value at a path of such lines.
        at() {
            GEUSE_PATH=$2 awk -F '\t' '
                $1 == ENVIRON["GEUSE_PATH"] { print substr($0, length($1) + 2); exit }' "$1"
        }
        """#
}
