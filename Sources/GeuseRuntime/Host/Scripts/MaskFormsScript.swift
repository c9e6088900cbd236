extension HostScript {
    /// Secrets by their form: the user part of a URL, tokens, private keys.
    static let maskForms = #"""
            # The user part of a URL, also with a slash in its password (but not behind a port), or a blank.
            function urls(s,   head, at) {
                head = ""
                if (index(s, "@") == 0) return s
                if (match(s, /[^ \t"\047=]*@(tcp|unix)[(]/)) {
                    at = RSTART + index(substr(s, RSTART, RLENGTH), "@") - 1
                    s = substr(s, 1, RSTART - 1) hide(substr(s, RSTART, at - RSTART)) substr(s, at)
                }
                while ((at = index(s, "://")) > 0) {
                    head = head substr(s, 1, at + 2); s = substr(s, at + 3)
                    if (!match(s, /^[^\/ \t"\047]*@/) &&
                        (s ~ /^(\[|[^\/:]*:[0-9]*\/)/ || !match(s, /^[^\/: \t"\047]*:[^ \t"\047]*@/)) &&
                        !match(s, /^:[^\/@"\047]*@/)) continue
                    head = head hide(substr(s, 1, RLENGTH - 1)) "@"
                    s = substr(s, RLENGTH + 1)
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
                    if (length(found) < least || before ~ /[A-Za-z0-9]/ || !likely(found)) head = head found
                    else head = head substr(found, 1, kept) hide(substr(found, kept + 1))
                }
                return head s
            }
            function likely(found) {
                if (found ~ /^[Bb]asic/) return found ~ /=$/ || (found ~ /[0-9]/ && substr(found, 6) ~ /[A-Z]/)
                if (found ~ /^eyJ/) return found ~ /^[^.]+[.][^.]+[.]/
                return 1
            }
            function image(s) { return s ~ /^[ \t]*(- )?["\047]?image["\047]?[ \t]*:/ }
            # What looks like a secret by itself.
            function tokens(s) {
                if (s ~ /[Bb]earer/) s = hidden(s, "[Bb]earer[ \t]+[A-Za-z0-9._~+/=-]+", 6, 8)
                if (s ~ /[Bb]asic/) s = hidden(s, "[Bb]asic[ \t]+[A-Za-z0-9+/]+=*", 5, 14)
                if (s ~ /(AKIA|ASIA)[A-Z0-9]/) s = keys(s)
                if (index(s, "sk-") > 0 && !image(s)) s = hidden(s, "sk-[A-Za-z0-9_-]+", 0, 19)
                if (index(s, "eyJ") > 0) s = hidden(s, "eyJ[A-Za-z0-9_.-]+", 3, 20)
                if (s ~ /gh[opusr]_|github_pat_/) {
                    s = hidden(s, "(gh[opusr]_|github_pat_)[A-Za-z0-9_]+", 4, 24)
                }
                if (index(s, "hooks.slack.com/") > 0) {
                    s = hidden(s, "hooks[.]slack[.]com/[a-z]+/[A-Za-z0-9/_-]+", 16, 26)
                }
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
            # A private key in PEM; it may go over several lines, and its first ones may be lost.
            function pem(s,   head, at, size, i) {
                if (inkey && s ~ /^[ \t]*(- )?["\047]?[A-Za-z0-9_.-]+["\047]?:([ \t]|$)/ && s !~ /(Proc-Type|DEK-Info):/) {
                    inkey = 0
                }
                if (!inkey && index(s, "PRIVATE KEY") == 0) return s
                head = ""
                while (1) {
                    if (!inkey) {
                        at = match(s, /-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----/)
                        size = RLENGTH
                        if (cut && match(s, ending) && (at == 0 || RSTART < at)) {
                            for (i = 1; i <= told; i++) lines[i] = hide(lines[i])
                            head = hide(head)
                        } else if (at == 0) return head s
                        else {
                            head = head substr(s, 1, at + size - 1); s = substr(s, at + size)
                        }
                    }
                    inkey = 1
                    if (!match(s, ending)) return head hide(s)
                    inkey = 0
                    head = head hide(substr(s, 1, RSTART - 1)) substr(s, RSTART, RLENGTH)
                    s = substr(s, RSTART + RLENGTH)
                }
            }
        """#
}
