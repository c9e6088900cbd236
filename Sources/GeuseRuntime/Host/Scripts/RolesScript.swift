extension HostScript {
    /// The roles of a PostgreSQL server, which no dump of a database holds: their dump, and their way into a
    /// server that does not have them.
    static let roles = #"""
        # The roles with their passwords' verifiers, in a file beside the dumps of the databases. Only a
        # superuser may read the verifiers; any other login takes the roles without.
        dump_roles() {
            file=$dumps/$wanted-roles.sql
            bare='' said='' rolesless=''
            # The data counts for more than what an image happens to come with.
            inside 60 'command -v pg_dumpall || exit 9' </dev/null >/dev/null 2>&1
            if [ $? = 9 ]; then
                rolesless='without the roles of its server: there is no pg_dumpall in the container'
                return 0
            fi
            if [ "$(ask_database 'select rolsuper from pg_roles where rolname = current_user' 2>/dev/null)" != t ]
            then
                bare=--no-role-passwords
                said='without the passwords of the roles: the login of the dump is no superuser'
            fi
            inside 300 'exec pg_dumpall --globals-only $1' "$bare" </dev/null >"$file.new" 2>"$work/dump.err" ||
                return
            # Its last words, after which newer releases still write some of psql's commands.
            if ! tail -n 8 "$file.new" | grep -q '^-- PostgreSQL database cluster dump complete'; then
                why=dump_not_whole
                echo "The list of its roles ends early." >"$work/dump.err"
                return 1
            fi
            kind=roles
            keep_dump "$file" roles "$said" 2>"$work/dump.err" || return
            kind=postgres
        }

        # Statements of such a file, each as a whole: a line may belong to a comment of somebody's. Of roles
        # that are in $work/present nothing is taken; of any other that it is made, how, and what it is a
        # member of, by the grant of whoever restores. $1: where the names of those go.
        new_roles() {
            GEUSE_NAMES=$1 awk '
                FILENAME == ARGV[1] { present[$0] = 1; next }
                { read_line($0) }
                function read_line(line,    i, c, before) {
                    if (state == "" && text == "" && line ~ /^\\/) return
                    for (i = 1; i <= length(line); i++) {
                        c = substr(line, i, 1)
                        if (state == "") {
                            if (c == "-" && substr(line, i, 2) == "--") break
                            if (c == "\\") odd = 1
                            if (c == "\"") state = "name"
                            if (c == "\047") {
                                before = substr(line, i - 1, 1)
                                state = (i > 1 && (before == "E" || before == "e")) ? "escapes" : "string"
                            }
                            text = text c
                            if (c == ";") { if (!odd) take(text); text = ""; odd = 0 }
                            continue
                        }
                        text = text c
                        if (state == "escapes" && c == "\\") { i++; text = text substr(line, i, 1); continue }
                        if (c == (state == "name" ? "\"" : "\047")) state = ""
                    }
                    if (text != "") text = text "\n"
                }
                function take(s,    role, member, start) {
                    sub(/^[ \n]+/, "", s)
                    if (s ~ /^SET (client_encoding|standard_conforming_strings) = /) { print s; return }
                    if (s ~ /^CREATE ROLE /) {
                        role = name_in(substr(s, 13))
                        if (role == "" || role ~ /\n/ || role in present) return
                        made[role] = 1
                        print role >ENVIRON["GEUSE_NAMES"]
                        print s
                    } else if (s ~ /^ALTER ROLE /) {
                        # That of a database (PostgreSQL 10 and older) would come before the database.
                        if (s ~ /^ALTER ROLE [^\047]* IN DATABASE /) return
                        if (name_in(substr(s, 12)) in made) print s
                    } else if (s ~ /^GRANT /) {
                        role = name_in(substr(s, 7)); start = word
                        if (rest !~ /^ TO /) return
                        member = name_in(substr(rest, 5))
                        if (!(role in made) && !(member in made)) return
                        sub(/ GRANTED BY .*$/, "", rest); sub(/;[ \n]*$/, "", rest)
                        print "GRANT " start " TO " word rest ";"
                    }
                }
                # The name at the head of a text; as it stands there in `word`, and what follows in `rest`.
                function name_in(s,    i, name) {
                    if (substr(s, 1, 1) != "\"") {
                        match(s, /^[^ ;\n]*/)
                        word = substr(s, 1, RLENGTH); rest = substr(s, RLENGTH + 1)
                        return word
                    }
                    for (i = 2; i <= length(s); i++) {
                        if (substr(s, i, 1) == "\"") {
                            if (substr(s, i + 1, 1) != "\"") break
                            i++
                        }
                        name = name substr(s, i, 1)
                    }
                    word = substr(s, 1, i); rest = substr(s, i + 1)
                    return name
                }' "$work/present" "$path"
        }

        # Makes the roles that the server does not have, all or none. Neither its log nor what it says of an
        # error is to hold a verifier.
        restore_roles() {
            ready || return
            ask_database 'select rolname from pg_roles' >"$work/present" 2>"$work/dump.err" || return
            [ -s "$work/present" ] || { echo 'It names no role.' >"$work/dump.err"; return 1; }
            : >"$work/made"
            new_roles "$work/made" >"$work/roles.sql" 2>"$work/dump.err" || return
            [ -s "$work/made" ] || return 0
            while IFS= read -r role; do
                printf 'roles %s %s\n' "$(printf %s "$wanted" | encode)" "$(printf %s "$role" | encode)"
            done <"$work/made" >>"$record" && sync "$record" || return
            {
                printf '%s\n' '\set ON_ERROR_STOP 0' 'set log_statement = none;' \
                    'set log_min_duration_statement = -1;' 'set log_min_error_statement = panic;' \
                    '\set ON_ERROR_STOP 1' 'begin;'
                cat "$work/roles.sql"
                echo 'commit;'
            } | inside 120 'exec psql -AtXq -v VERBOSITY=terse' >/dev/null 2>"$work/dump.err"
        }
        # One that has come to own something meanwhile stays; it is in nobody's way.
        undo_roles() {
            ready || return
            echo 'drop role if exists :"a";' | sql "$name" >/dev/null 2>&1 || return 0
        }

        # What a dump says of its database itself, whose name is $name: owner, who may connect, limit,
        # comment and settings.
        own_statements() {
            inside 120 'exec pg_restore -C -l' <"$path" >"$work/entries" 2>"$work/dump.err" || return
            grep '^[0-9]*; [0-9]* [0-9]* \(DATABASE\( PROPERTIES\)\{0,1\} -\|\(ACL\|COMMENT\) - DATABASE\) ' \
                "$work/entries" >"$work/own" || return 0
            inside 120 'exec pg_restore -C -L /dev/fd/3 -f - 3<<END
        $1
        END
        ' "$(cat "$work/own")" <"$path" >"$work/own.sql" 2>"$work/dump.err" || return
            awk '/^\\/ || /^CREATE DATABASE / { next } { print }' "$work/own.sql"
        }
        """#
}
