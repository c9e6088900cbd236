extension HostScript {
    /// Secrets by the words around them: `PASSWORD 'v'`, `-u name:v`, `<password>v</password>`.
    static let maskPhrases = #"""
            # What SQL and people put behind a word: PASSWORD and a quote, IDENTIFIED BY and a quote, password is v.
            function statements(s,   head, found, mark, slashes) {
                if (toupper(s) !~ /PASSW|PASSPHRASE|IDENTIFIED|SECRET|TOKEN|API[ _-]?KEY/) return s
                head = ""
                while (match(toupper(s), phrase)) {
                    found = substr(s, RSTART, RLENGTH)
                    head = head substr(s, 1, RSTART - 1)
                    s = substr(s, RSTART + RLENGTH)
                    if (match(found, /\\*["\047]$/)) { s = substr(found, RSTART) s; found = substr(found, 1, RSTART - 1) }
                    head = head found
                    if (!match(s, /^\\*["\047]/)) {
                        if (toupper(found) !~ /[ \t](IS|WAS)[ \t:]/) continue
                        match(s, /^[^] \t"\047,;})]*[^] \t"\047,;}).!]/)
                        if (RLENGTH < 1) continue
                        found = substr(s, 1, RLENGTH)
                        # `missing`, `not`: what is said of one, unless a colon announces it.
                        head = head ((found ~ /^[a-z]+$/ && head !~ /:[ \t]*$/) ? found : veiled(found))
                        s = substr(s, RLENGTH + 1)
                        continue
                    }
                    slashes = RLENGTH - 1
                    mark = substr(s, RLENGTH, 1)
                    found = head
                    # In a file a quote that ends a value is not one that begins another.
                    if (!cut && slashes == 0 && gsub(mark, mark, found) % 2 == 1 &&
                        substr(s, 2) ~ /^[] \t,}]*(#.*)?$/) {
                        head = head mark; s = substr(s, 2)
                        continue
                    }
                    head = head quoted(s, head)
                    s = left
                }
                return head s
            }
            # `-u name:v`, and not the numbers of a user and a group.
            function logins(s,   head, found, before, name, gap, mark, slashes, stop, value) {
                if (s !~ /-[uU]|-user/) return s
                head = ""
                while (match(s, /-(u|U|-user|-proxy-user)[ \t"\047,=\\]+[^] \t"\047,=:\\}]+:/)) {
                    found = substr(s, RSTART, RLENGTH)
                    before = (RSTART > 1) ? substr(s, RSTART - 1, 1) : substr(head, length(head))
                    head = head substr(s, 1, RSTART + RLENGTH - 1)
                    s = substr(s, RSTART + RLENGTH)
                    if (before ~ /[A-Za-z0-9_-]/ || s ~ /^\/\//) continue
                    name = found
                    sub(/^.*[ \t"\047,=\\]/, "", name)
                    gap = substr(found, 1, length(found) - length(name))
                    mark = substr(gap, length(gap))
                    stop = 0
                    if (mark ~ /["\047]/) {
                        slashes = slashes_of(substr(gap, 1, length(gap) - 1))
                        stop = closing(s, 1, slashes, mark) - slashes
                    }
                    if (stop <= 0) { match(s, /^[^] \t"\047,\\}]*/); stop = RLENGTH + 1 }
                    value = substr(s, 1, stop - 1)
                    s = substr(s, stop)
                    head = head ((name value) ~ /^[0-9]+:[0-9]+$/ ? value : veiled(value))
                }
                return head s
            }
            # What stands in an XML element of such a name.
            function elements(s,   head, name, at) {
                if (index(s, "</") == 0) return s
                head = ""
                while (match(s, /<[A-Za-z][^<>]*>/)) {
                    name = substr(s, RSTART + 1, RLENGTH - 2)
                    head = head substr(s, 1, RSTART + RLENGTH - 1)
                    s = substr(s, RSTART + RLENGTH)
                    match(name, /^[A-Za-z0-9_.:-]+/)
                    name = substr(name, 1, RLENGTH)
                    at = named(name) ? index(s, "</" name) : 0
                    if (at > 1) { head = head hide(substr(s, 1, at - 1)); s = substr(s, at) }
                }
                return head s
            }
            BEGIN {
                phrase = "(PASSW(OR)?D|PASSPHRASE|IDENTIFIED[ \t]+BY)[ \t]+(E|U&)?\\\\*[\"\047]|" \
                    "(PASSW(OR)?D|PASSPHRASE|SECRET|TOKEN|API[ _-]?KEY)[ \t]+(IS|WAS)" \
                    "([ \t]+NOW|([ \t]+(SET|CHANGED))?[ \t]+TO)?[ \t]*:?[ \t]+"
            }
        """#
}
