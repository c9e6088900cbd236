extension HostScript {
    /// Secrets by the names of their keys: `K: v`, `K=v`, `--k v`.
    static let maskKeys = #"""
            # In parts: some take a time that grows with the square of the length.
            function hide(v,   head, part) {
                head = ""
                while (v != "") {
                    part = substr(v, 1, 2000); v = substr(v, 2001)
                    gsub(/[^ \t]/, "x", part)
                    head = head part
                }
                return head
            }
            function secret(k) { return toupper(k) ~ /PASS|SECRET|TOKEN|KEY|CREDENTIAL|PWD|AUTHORIZATION/ }
            # The header, and not a setting of a cookie.
            function cookie(k) { return toupper(k) ~ /^(SET[-_])?COOKIES?$/ }
            # A name that is enough where only a colon stands between it and its value.
            function named(k) {
                k = toupper(k)
                return k ~ /(PASSW(OR)?D|PASSPHRASE|PWD|SECRET|TOKEN|API[_-]?KEY|AUTHORIZATION|CREDENTIALS?)$/ ||
                    k ~ /(ACCESS|SECRET|PRIVATE|ENCRYPTION)[_-]?KEY$/ || k ~ /(^|[_.-])PASS$/ || cookie(k)
            }
            function reference(v) {
                return v ~ /^\$[{]?[A-Za-z_][A-Za-z0-9_]*(:?[?][^}]*|:?-)?[}]?$/
            }
            function veiled(v) { return reference(v) ? v : hide(v) }
            # How many backslashes end s.
            function slashes_of(s,   n) {
                n = length(s)
                while (n > 0 && substr(s, n, 1) == "\\") n--
                return length(s) - n
            }
            # Where the quote closes, from a place on, that was opened with so many backslashes before it.
            function closing(s, from, slashes, mark,   at, n, gone) {
                gone = from - 1; s = substr(s, from)
                while ((at = index(s, mark)) > 0) {
                    n = 0
                    while (n < at - 1 && substr(s, at - 1 - n, 1) == "\\") n++
                    if (mark == "\047" && slashes == 0) {
                        if (substr(s, at + 1, 1) == mark) at++
                        else if (!cut || n % 2 == 0) return gone + at
                    } else if (n % (2 * (slashes + 1)) == slashes) return gone + at
                    gone += at; s = substr(s, at + 1)
                }
                return 0
            }
            # The value in quotes that v begins with. A quote that closes one of the text before is no such.
            function quoted(v, before,   slashes, mark, at, inside) {
                match(v, /^\\*/)
                slashes = RLENGTH
                mark = substr(v, slashes + 1, 1)
                at = closing(v, slashes + 2, slashes, mark)
                left = ""
                if (at == 0) {
                    inside = (slashes == 0 && gsub(mark, mark, before) % 2 == 1)
                    if (inside && substr(v, 2) ~ /^[] \t,}]*(#.*)?$/) return v
                    if (slashes == 0 && !inside) open = mark
                    return substr(v, 1, slashes + 1) hide(substr(v, slashes + 2))
                }
                # Twice the same quote opens one inside of a text in that quote.
                if (slashes == 0 && at == 2 && mark == "\047" && substr(v, 3) ~ /^[^] \t,}"\047;)]/) {
                    at = index(substr(v, 3), mark mark) + 3
                    if (at == 3) { match(substr(v, 3), /^[^] \t,}"\047]+/); at = RLENGTH + 2 }
                    left = substr(v, at + 1)
                    return mark mark hide(substr(v, 3, at - 2))
                }
                left = substr(v, at + 1)
                if (slashes > 0) return hide(substr(v, 1, at))
                return mark veiled(substr(v, 2, at - 2)) mark
            }
            # The elements of a list in brackets; a mapping or a list in it is looked at on its own.
            function listed(v,   head) {
                head = "["; v = substr(v, 2)
                while (1) {
                    match(v, /^[ \t,]*/)
                    head = head substr(v, 1, RLENGTH); v = substr(v, RLENGTH + 1)
                    if (v == "" || v ~ /^[]{[]/) break
                    if (v ~ /^\\*["\047]/) { head = head quoted(v, ""); v = left; continue }
                    match(v, /^[^],]*/)
                    head = head veiled(substr(v, 1, RLENGTH)); v = substr(v, RLENGTH + 1)
                }
                left = v
                return head
            }
            # The value of a secret key up to where it ends; what is left is looked at on its own.
            function masked(v, flow,   head, tail) {
                left = ""
                match(v, /^[ \t]*/)
                head = substr(v, 1, RLENGTH); v = substr(v, RLENGTH + 1)
                while (!cut && match(v, /^[&!][^ \t]*[ \t]+/)) {
                    head = head substr(v, 1, RLENGTH); v = substr(v, RLENGTH + 1)
                }
                if (v == "" || (!cut && v ~ /^[&!#]/)) { deeper = indent; return head v }
                if (!cut && v ~ /^[*]/) return head v
                if (v ~ /^[|>][-+0-9]*([ \t]+#.*)?[ \t]*$/) { block = indent; return head v }
                if (v ~ /^[[]/) return head listed(v)
                if (v ~ /^[{]/) { left = v; return head }
                if (v ~ /^\\*["\047]/) return head quoted(v, "")
                deeper = indent
                tail = ""
                if (flow && match(v, /[],}]/)) {
                    if (reference(v)) return head v
                    left = substr(v, RSTART)
                    return head hide(substr(v, 1, RSTART - 1))
                }
                if (match(v, /[ \t]+#.*$/)) {
                    tail = hide(substr(v, RSTART)); sub(/x/, "#", tail); v = substr(v, 1, RSTART - 1)
                }
                if (v !~ /[$]/ && match(v, /[],} \t]+$/)) {
                    tail = substr(v, RSTART) tail; v = substr(v, 1, RSTART - 1)
                }
                return head veiled(v) tail
            }
            # `K: v` and `K=v` anywhere in a line: each `=` or `:` is found first, and its key before it.
            # Behind a key in quotes, or one that can be nothing else, a colon needs no blank.
            function line(s,   head, rest, at, end, start, key, assigned, closed, spaced, bare, flow,
                quote, slashes, item, stop) {
                if (!secret(s) && toupper(s) !~ /COOKIE/) return s
                head = ""; rest = s; flow = 0
                item = (s ~ /^[ \t]*- / && s !~ /[{[]/)
                while (match(rest, /[=:]/)) {
                    at = RSTART
                    assigned = (substr(rest, at, 1) == "=")
                    bare = (!assigned && substr(rest, at + 1, 1) ~ /[^ \t]/)
                    end = at - 1
                    while (end > 0 && substr(rest, end, 1) ~ /[ \t]/) end--
                    spaced = (end < at - 1)
                    if (assigned && end > 0 && substr(rest, end, 1) == "]") end--
                    closed = (end > 0 && substr(rest, end, 1) ~ /["\047]/)
                    if (closed) {
                        end--
                        end -= slashes_of(substr(rest, 1, end))
                        bare = 0
                    }
                    start = end
                    while (start > 0 && substr(rest, start, 1) ~ /[A-Za-z0-9_.-]/) start--
                    key = substr(rest, start + 1, end - start)
                    quote = (start > 0 && !closed) ? substr(rest, start, 1) : ""
                    if (index(substr(rest, 1, at), "{") > 0) flow = 1
                    slashes = 0
                    if (quote ~ /["\047]/) slashes = slashes_of(substr(rest, 1, start - 1))
                    head = head substr(rest, 1, at)
                    rest = substr(rest, at + 1)
                    if (!secret(key) && !cookie(key)) continue
                    if (bare && (!named(key) || quote == "/" || rest ~ /^[\/.:]/ || image(s))) continue
                    # What began with a quote before its key ends with it.
                    if (quote ~ /["\047]/) {
                        stop = closing(rest, 1, slashes, quote)
                        if (stop > 0) {
                            head = head veiled(substr(rest, 1, stop - 1 - slashes))
                            rest = substr(rest, stop - slashes)
                            continue
                        }
                        if (assigned && slashes == 0) open = quote
                        if (assigned) return head veiled(rest)
                    }
                    if (!assigned && !bare) {
                        head = head masked(rest, flow)
                        rest = left
                        continue
                    }
                    if (assigned && rest ~ /^[=>]/) { head = head substr(rest, 1, 1); rest = substr(rest, 2) }
                    if (assigned && (spaced || rest ~ /^[ \t]+[^ \t=]+([ \t]|$)/) && match(rest, /^[ \t]+/)) {
                        head = head substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1)
                    }
                    if (!item && rest ~ /^\\*["\047]/) {
                        head = head quoted(rest, head)
                        rest = left
                        if (match(rest, /^[A-Za-z0-9_$]+/)) {
                            head = head hide(substr(rest, 1, RLENGTH)); rest = substr(rest, RLENGTH + 1)
                        }
                        continue
                    }
                    stop = item ? 0 : match(rest, /[] \t,}"\047]/)
                    if (stop == 0) stop = length(rest) + 1
                    head = head veiled(substr(rest, 1, stop - 1))
                    rest = substr(rest, stop)
                    if (item && !cut) deeper = indent
                }
                return head rest
            }
            # `--password value` and `"--password", "value"`.
            function options(s,   head, gap, word, mark, slashes, stop, value) {
                if (index(s, "-") == 0 || !secret(s)) return s
                head = ""
                while (match(s, /[\\"\047, \t]+/)) {
                    word = substr(s, 1, RSTART - 1); gap = substr(s, RSTART, RLENGTH)
                    s = substr(s, RSTART + RLENGTH)
                    head = head word gap
                    if (length(word) > 100) word = substr(word, length(word) - 99)
                    if (!match(word, /--?[A-Za-z][A-Za-z0-9_-]*$/) || !secret(substr(word, RSTART))) continue
                    mark = substr(gap, length(gap))
                    slashes = 0; stop = 0
                    if (mark ~ /["\047]/) {
                        slashes = slashes_of(substr(gap, 1, length(gap) - 1))
                        stop = closing(s, 1, slashes, mark)
                        value = stop > 0 ? substr(s, 1, stop - 1 - slashes) : s
                        if (stop == 0 && s != "" && slashes == 0 && gsub(mark, mark, head) % 2 == 1) open = mark
                        else if (stop == 0) mark = ""
                    }
                    if (mark !~ /["\047]/) {
                        match(s, /^[^] \t"\047,]*/)
                        value = substr(s, 1, RLENGTH)
                        value = substr(value, 1, length(value) - slashes_of(value))
                    }
                    if (value !~ /^-/) head = head veiled(value)
                    else head = head value
                    s = substr(s, length(value) + 1)
                }
                return head s
            }
        """#
}
