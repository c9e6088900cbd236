extension HostScript {
    /// Masks secrets: in files byte for byte, in what people read line by line.
    static let mask = [
        maskLines, maskKeys, maskForms, maskPhrases, "' 9>&-\n}",
    ].joined(separator: "\n")

    /// The functions of the shell, and what is done with a line; the program's text goes on in the other parts.
    private static let maskLines = #"""
        # How long masking may take, and what is shown of a line that people read.
        mask_limit=30
        # A file, for its offsets; fails where it takes too long.
        mask() { masking 0; }
        # Lines for people: $1 a container or nothing, $2 bytes shown of a line. What the host knows to be
        # secret is hidden first: it travels by a file of this script's own, never by arguments.
        mask_text() {
            known "${1-}" >"$work/known" 2>/dev/null
            masking "${2:-2000}" || echo '[not shown: its secrets could not be masked in time]'
            rm -f "$work/known"
        }
        # Lines of the environment files and of a container's own environment.
        known() {
            for word in ${environment-}; do
                timeout -k 1 5 cat -- "$(decode "$word")" </dev/null 9>&-
                echo
            done
            if [ -n "${directory-}" ]; then timeout -k 1 5 cat -- "$directory/.env" </dev/null 9>&-; echo; fi
            if [ -n "$1" ]; then
                dk inspect --type container --format '{{range .Config.Env}}{{println .}}{{end}}' "$1"
            fi
        }
        # The first or the last lines of a file, $1 of them, without the lock: a script that is killed must
        # not leave it to what masks. A secret of several lines is known by its first one, so that more are
        # looked at than shown.
        first_lines() (
            exec 9>&-
            head -n "$1" "$2" 2>/dev/null | mask_text
        )
        last_lines() (
            exec 9>&-
            tail -n 400 "$2" 2>/dev/null | mask_text | tail -n "$1"
        )
        log_of() (
            exec 9>&-
            dk logs --tail 400 "$1" 2>&1 | mask_text "$1" | tail -n 20 | tail -c 2500
        )

        # Replaces secrets by x, byte for byte, so that every offset in the text still holds. What is
        # taken for a secret: the value of a key whose name says so, in `K: v` and `K=v`, unless it is only
        # a reference to a variable, the user part of a URL, and what looks like a secret wherever it stands
        # (bearer tokens, keys and tokens of known forms, a private key). When in doubt, it masks.
        # $1: how many bytes of a line are shown; 0 for a file, of which every byte has to be told.
        masking() {
            GEUSE_CUT=$1 GEUSE_KNOWN=${work:+$work/known} timeout -k 1 "$mask_limit" awk '
            function patterns(s) { return tokens(elements(logins(statements(options(urls(line(pem(s)))))))) }
            function piece(s,   at, width) {
                # A comment ends with its lines: what it left open ends where a line is none.
                if (!cut && noted && s !~ /^[ \t]*(#|$)/) { open = ""; block = -1; noted = 0 }
                if (open != "") {
                    at = closing(s, 1, 0, open)
                    if (at == 0) return hide(s)
                    open = ""
                    inkey = 0
                    return hide(substr(s, 1, at - 1)) substr(s, at, 1) patterns(substr(s, at + 1))
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
                if (s ~ /^[ \t]*#/) noted = 1
                return patterns(s)
            }
            # Of a line of a file that is too long to be looked at everything is hidden, but for what makes
            # it a line of YAML: its key, quotes around the value, the sign of a comment.
            function long(s,   head, mark, rest, at) {
                head = ""
                if (open == "") {
                    match(s, /^ */)
                    if (inkey || (block >= 0 && RLENGTH > block)) return hide(s)
                    block = -1; deeper = -1; indent = RLENGTH
                    match(substr(s, 1, 500), /^[ \t]*(- +)*(["\047]?[A-Za-z0-9_.\/-]+["\047]?:[ \t]+)?#?/)
                    head = substr(s, 1, RLENGTH); s = substr(s, RLENGTH + 1)
                    mark = substr(s, 1, 1)
                    if (head ~ /#$/ || mark !~ /["\047]/) return head hide(s)
                    head = head mark; s = substr(s, 2)
                    open = mark
                }
                mark = open
                rest = s
                if (mark == "\"") gsub(/\\./, "xx", rest)
                else gsub(/\047\047/, "xx", rest)
                at = index(rest, mark)
                if (at == 0) return head hide(s)
                open = ""
                rest = substr(s, at + 1)
                if (length(rest) > 2000) rest = hide(rest)
                else gsub(/[^] \t,}]/, "x", rest)
                if (rest ~ /^[ \t]+x/) sub(/x/, "#", rest)
                return head hide(substr(s, 1, at - 1)) mark rest
            }
            # What the environment says of its own secrets: those values are hidden wherever they stand. One
            # that a variable without a secret has too is none.
            function learn(s,   at, name, value) {
                sub(/\r$/, "", s)
                if (s ~ /^[ \t]*#/) return
                if (s ~ /^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_.-]*[ \t]*=/) {
                    at = index(s, "=")
                    name = substr(s, 1, at - 1); s = substr(s, at + 1)
                    learning = secret(name) && !(s ~ /^[ \t"\047]*\// && name ~ /(FILE|PATH|DIR)[ \t]*$/)
                }
                gsub(/^[ \t]+|[ \t]+$/, "", s)
                value = s
                if (s ~ /^["\047]/) { value = substr(s, 2); sub(substr(s, 1, 1) "([ \t]+#.*)?$", "", value) }
                else if (match(s, /[ \t]+#/)) value = substr(s, 1, RSTART - 1)
                if (!learning) {
                    public[value] = 1
                    if (!match(value, /:\/\/[^\/:@]*:[^ ]*@/)) return
                    value = substr(value, RSTART + 3, RLENGTH - 4)
                    value = substr(value, index(value, ":") + 1)
                    s = value
                }
                remember(s)
                remember(value)
                if (gsub(/[\\"]/, "\\\\&", value) > 0) remember(value)
            }
            function remember(v,   i) {
                if (length(v) < 6 || reference(v) || v in remembered || count >= 500) return
                remembered[v] = 1
                for (i = ++count; i > 1 && length(values[i - 1]) < length(v); i--) values[i] = values[i - 1]
                values[i] = v
            }
            function literals(s,   i, at, head) {
                for (i = 1; i <= count; i++) {
                    # The first part is enough: of a long one a cut line may not have the rest.
                    if (values[i] in public || index(s, substr(values[i], 1, 200)) == 0) continue
                    head = ""
                    while ((at = index(s, substr(values[i], 1, 200))) > 0) {
                        head = head substr(s, 1, at - 1) hide(substr(s, at, length(values[i])))
                        s = substr(s, at + length(values[i]))
                    }
                    s = head s
                }
                return s
            }
            BEGIN {
                open = ""; block = -1; deeper = -1; inkey = 0; told = 0; noted = 0; count = 0; learning = 0
                ending = "-----END [A-Z ]*PRIVATE KEY( BLOCK)?-----"
                colour = sprintf("%c", 27) "\\[[0-9;:]*m"
                cut = ENVIRON["GEUSE_CUT"] + 0
                if (cut && ENVIRON["GEUSE_KNOWN"] != "") {
                    while ((getline text < ENVIRON["GEUSE_KNOWN"]) > 0) learn(text)
                }
            }
            {
                text = $0; gone = ""; limit = -1
                if (cut) {
                    # More is looked at than shown, so that nothing is cut in the midst of a secret.
                    if (length(text) > 3 * cut) { gone = substr(text, 3 * cut + 1); text = substr(text, 1, 3 * cut) }
                    gsub(colour, "", text)
                    if (gone != "") limit = length(text) - cut
                    if (length(text) > cut && (limit < 0 || limit > cut)) limit = cut
                    text = literals(text)
                } else if (length(text) > 32000) { print long(text); next }
                # A lone carriage return ends a line of YAML too.
                parts = split(text, pieces, "\r")
                out = piece(pieces[1])
                for (i = 2; i <= parts; i++) out = out "\r" piece(pieces[i])
                if (!cut) { print out; next }
                if (gone != "" && open != "" && index(gone, open) > 0) open = ""
                if (gone != "" && inkey && index(gone, "-----END") > 0) inkey = 0
                lines[++told] = (gone != "" || limit >= 0) ? substr(out, 1, limit) " [cut]" : out
            }
            END { for (i = 1; i <= told; i++) print lines[i] }
        """#
}
