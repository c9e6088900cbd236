extension HostScript {
    /// Masks secrets byte for byte.
    static let mask = #"""
        # Replaces secrets by x, byte for byte, so that every offset in the text still holds. What is
        # taken for a secret: the value of a key whose name says so, in `K: v` and `K=v`, unless it is only
        # a reference to a variable, the user part of a URL, and what looks like a secret wherever it stands
        # (a bearer token, keys of OpenAI and AWS, a private key). When in doubt, it masks.
        mask() {
            awk '
            function hide(v) { gsub(/[^ \t]/, "x", v); return v }
            function secret(k) { return toupper(k) ~ /PASS|SECRET|TOKEN|KEY|CREDENTIAL|PWD|AUTHORIZATION/ }
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
                if (v !~ /[$]/ && match(v, /[],} \t]+$/)) {
                    tail = substr(v, RSTART) tail; v = substr(v, 1, RSTART - 1)
                }
                return head (reference(v) ? v : hide(v)) tail
            }
            # `K: v` and `K=v` anywhere in a line; behind a key in quotes a colon needs no blank.
            function line(s,   head, rest, key, assigned, closed, quote, stop, value) {
                head = ""; rest = s
                while (match(rest, /[A-Za-z0-9_.-]+(["\047]?[ \t]*(=|:[ \t]|:$)|\\?["\047][ \t]*:)/)) {
                    key = substr(rest, RSTART, RLENGTH)
                    assigned = (key ~ /=$/)
                    quote = (RSTART > 1) ? substr(rest, RSTART - 1, 1) : ""
                    head = head substr(rest, 1, RSTART + RLENGTH - 1)
                    rest = substr(rest, RSTART + RLENGTH)
                    closed = sub(/\\?["\047][ \t]*(=|:[ \t]?)$/, "", key)
                    sub(/[ \t]*(=|:[ \t]?)$/, "", key)
                    if (!secret(key)) continue
                    # A header in quotes ends with them.
                    stop = (quote == "\"" || quote == "\047") ? index(rest, quote) : 0
                    if (!assigned && !closed && stop > 0) {
                        value = substr(rest, 1, stop - 1)
                        head = head (reference(value) ? value : hide(value))
                        rest = substr(rest, stop)
                        continue
                    }
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
                while (match(s, /:\/\/[^\/ \t"\047]*@/)) {
                    head = head substr(s, 1, RSTART + 2) hide(substr(s, RSTART + 3, RLENGTH - 4)) "@"
                    s = substr(s, RSTART + RLENGTH)
                }
                return head s
            }
            # Hides what of s matches, but for its first characters; what is too short for a secret stays.
            function hidden(s, pattern, kept, least,   head, found, before) {
                head = ""
                while (match(s, pattern)) {
                    found = substr(s, RSTART, RLENGTH)
                    before = (RSTART > 1) ? substr(s, RSTART - 1, 1) : substr(head, length(head))
                    head = head substr(s, 1, RSTART - 1)
                    s = substr(s, RSTART + RLENGTH)
                    if (length(found) < least || before ~ /[A-Za-z0-9]/) head = head found
                    else head = head substr(found, 1, kept) hide(substr(found, kept + 1))
                }
                return head s
            }
            # What looks like a secret by itself.
            function tokens(s) {
                s = hidden(s, "[Bb]earer[ \t]+[A-Za-z0-9._~+/=-]+", 6, 8)
                if (s ~ /(AKIA|ASIA)[A-Z0-9]/) s = keys(s)
                if (s !~ /^[ \t]*(- )?["\047]?image["\047]?[ \t]*:/) s = hidden(s, "sk-[A-Za-z0-9_-]+", 0, 19)
                return s
            }
            # An id of AWS has 20 characters, and its secret 40 that are in the same line.
            function keys(s,   head, found) {
                head = ""
                while (match(s, /[A-Za-z0-9\/+]+/)) {
                    found = substr(s, RSTART, RLENGTH)
                    head = head substr(s, 1, RSTART - 1)
                    s = substr(s, RSTART + RLENGTH)
                    if (length(found) == 40 || (length(found) == 20 && found ~ /^A[KS]IA/)) found = hide(found)
                    head = head found
                }
                return head s
            }
            # A private key in PEM; it may go over several lines.
            function pem(s,   at) {
                if (inkey) {
                    if (s ~ /^[ \t]*(- )?["\047]?[A-Za-z0-9_.-]+["\047]?:([ \t]|$)/ && s !~ /(Proc-Type|DEK-Info):/) {
                        inkey = 0
                        return s
                    }
                    if (!match(s, /-----END [A-Z ]*PRIVATE KEY-----/)) return hide(s)
                    inkey = 0
                    return hide(substr(s, 1, RSTART - 1)) substr(s, RSTART)
                }
                if (!match(s, /-----BEGIN [A-Z ]*PRIVATE KEY-----/)) return s
                at = RSTART + RLENGTH
                inkey = 1
                return substr(s, 1, at - 1) pem(substr(s, at))
            }
            # `--password value` and `"--password", "value"`.
            function options(s,   head, name, value) {
                head = ""
                while (match(s, /--?[A-Za-z][A-Za-z0-9_-]*["\047, \t]+[^] \t"\047,]+/)) {
                    name = substr(s, RSTART, RLENGTH)
                    match(name, /[^] \t"\047,]+$/)
                    value = substr(name, RSTART)
                    name = substr(name, 1, RSTART - 1)
                    at_option = index(s, name value)
                    head = head substr(s, 1, at_option - 1) name
                    s = substr(s, at_option + length(name))
                    if (secret(name) && value !~ /^-/) {
                        head = head (reference(value) ? value : hide(value))
                        s = substr(s, length(value) + 1)
                    }
                }
                return head s
            }
            function piece(s,   at, width) {
                if (open != "") {
                    at = index(s, open)
                    if (at == 0) return hide(s)
                    open = ""
                    inkey = 0
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
                return tokens(options(urls(line(pem(s)))))
            }
            BEGIN { open = ""; block = -1; deeper = -1; inkey = 0 }
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
