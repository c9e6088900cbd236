extension HostScript {
    /// Masks secrets byte for byte.
    static let mask = #"""
        # Replaces secrets by x, byte for byte, so that every offset in the text still holds. What is
        # taken for a secret: the value of a key whose name says so, in `K: v` and `K=v`, unless it is only
        # a reference to a variable, and the user part of a URL. When in doubt, it masks.
        mask() {
            awk '
            function hide(v) { gsub(/[^ \t]/, "x", v); return v }
            function secret(k) { return toupper(k) ~ /PASS|SECRET|TOKEN|KEY|CREDENTIAL|PWD/ }
            function reference(v) {
                return v ~ /^\$[{]?[A-Za-z_][A-Za-z0-9_]*(:?[?][^}]*|:?-)?[}]?$/
            }
            # The value of a secret key up to where it ends; what follows is looked at on its own.
            function masked(v, flow,   head, quote, at, body, tail) {
                match(v, /^[ \t]*/)
                head = substr(v, 1, RLENGTH); v = substr(v, RLENGTH + 1)
                while (match(v, /^[&!][^ \t]*[ \t]+/)) {
                    head = head substr(v, 1, RLENGTH); v = substr(v, RLENGTH + 1)
                }
                if (v == "" || v ~ /^[&!#]/) { deeper = indent; return head v }
                if (v ~ /^[*]/) return head v
                if (v ~ /^[|>]/) { block = indent; return head v }
                if (v ~ /^[{[]/) return head line(v)
                quote = substr(v, 1, 1)
                if (quote == "\"" || quote == "\047") {
                    for (at = 2; at <= length(v); at++) {
                        if (substr(v, at, 1) == "\\" && quote == "\"") at++
                        else if (substr(v, at, 1) == quote) {
                            if (quote == "\047" && substr(v, at + 1, 1) == quote) at++
                            else break
                        }
                    }
                    if (at > length(v)) { open = quote; return head quote hide(substr(v, 2)) }
                    body = substr(v, 2, at - 2)
                    return head quote (reference(body) ? body : hide(body)) quote line(substr(v, at + 1))
                }
                deeper = indent
                tail = ""
                if (flow && match(v, /[],}]/)) {
                    if (reference(v)) return head v
                    tail = substr(v, RSTART); v = substr(v, 1, RSTART - 1)
                    return head hide(v) line(tail)
                }
                if (match(v, /[ \t]+#.*$/)) {
                    tail = hide(substr(v, RSTART)); sub(/x/, "#", tail); v = substr(v, 1, RSTART - 1)
                }
                if (match(v, /[],} \t]+$/) && !reference(v)) {
                    tail = substr(v, RSTART) tail; v = substr(v, 1, RSTART - 1)
                }
                return head (reference(v) ? v : hide(v)) tail
            }
            # `K: v` and `K=v` anywhere in a line.
            function line(s,   head, rest, key, assigned, quote, stop, value) {
                head = ""; rest = s
                while (match(rest, /[A-Za-z0-9_.-]+["\047]?[ \t]*(=|:[ \t]|:$)/)) {
                    key = substr(rest, RSTART, RLENGTH)
                    assigned = (key ~ /=$/)
                    quote = (RSTART > 1) ? substr(rest, RSTART - 1, 1) : ""
                    head = head substr(rest, 1, RSTART + RLENGTH - 1)
                    rest = substr(rest, RSTART + RLENGTH)
                    sub(/["\047]?[ \t]*(=|:[ \t]?)$/, "", key)
                    if (!secret(key)) continue
                    if (!assigned) return head masked(rest, head ~ /[{]/)
                    if (quote == "\"" || quote == "\047") stop = index(rest, quote)
                    else if (s ~ /^[ \t]*- / && s !~ /[{[]/) stop = 0
                    else stop = match(rest, /[] \t,}"\047]/)
                    if (stop == 0) stop = length(rest) + 1
                    value = substr(rest, 1, stop - 1)
                    head = head (reference(value) ? value : hide(value))
                    rest = substr(rest, stop)
                }
                return head rest
            }
            function urls(s,   head, stop) {
                head = ""
                while (match(s, /:\/\/[^\/@ \t"\047]*@/)) {
                    head = head substr(s, 1, RSTART + 2) hide(substr(s, RSTART + 3, RLENGTH - 4)) "@"
                    s = substr(s, RSTART + RLENGTH)
                }
                return head s
            }
            function piece(s,   at, width) {
                if (open != "") {
                    at = index(s, open)
                    if (at == 0) return hide(s)
                    open = ""
                    return hide(substr(s, 1, at - 1)) substr(s, at)
                }
                match(s, /^ */)
                width = RLENGTH
                if (s ~ /^[ \t]*$/) return s
                if (block >= 0) {
                    if (width > block) return hide(s)
                    block = -1
                }
                if (deeper >= 0) {
                    if (width > deeper && s !~ /^ *(- |#)/ && s !~ /^ *[^ ]+:([ \t]|$)/) return hide(s)
                    if (s !~ /^ *#/) deeper = -1
                }
                indent = width
                return urls(line(s))
            }
            BEGIN { open = ""; block = -1; deeper = -1 }
            {
                # A lone carriage return ends a line of YAML too.
                count = split($0, pieces, "\r")
                out = piece(pieces[1])
                for (i = 2; i <= count; i++) out = out "\r" piece(pieces[i])
                print out
            }'
        }
        """#
}
