extension HostScript {
    /// Puts data back from dumps beside the present data, then changes places; or takes that back.
    static let restore = #"""
        value "$G_RUN"; run=$decoded
        value "$G_UNDO"; undo=$decoded
        value "$G_GRACE"; grace=$decoded
        limit=$((grace + 90))
        begin
        # What changed places, a line each: kind, service, then two names in base64. It is written before.
        record=$lib/runs/$run-restored
        stamp=$(printf %s "$run" | head -c 15 | tr -c 'A-Za-z0-9' _)

        find_compose
        find_profiles
        remember_profiles
        : >"$work/none"
        look "$work/none"
        why=$(objection)
        if [ -n "$why" ]; then fail "$why" "$mount"; fi
        dk ps -aq --no-trunc --filter "label=com.docker.compose.project=$project" >"$work/ids" \
            2>"$work/err" || fail docker_unavailable "$(cat "$work/err")"
        find_stateful
        : >"$work/dump.err"
        why=restore_failed

        # The part of a service, as the one that is talked of.
        service_part() {
            for head in "$work"/parts/*; do
                case $head in *.env | *.mounts | *'*') continue ;; esac
                use_part "$head"
                [ "$service" != "$1" ] || return 0
            done
            echo "$1 has no container." >"$work/dump.err"
            return 1
        }
        # A database's container runs and takes questions.
        ready() {
            dk start "$id" >/dev/null 2>"$work/dump.err" || return
            ticks=0
            until inside 5 'exec pg_isready -q' </dev/null >/dev/null 2>&1; do
                [ "$ticks" -lt 60 ] || { echo 'It takes no connection.' >"$work/dump.err"; return 1; }
                sleep 1
                ticks=$((ticks + 1))
            done
        }
        # Statements from standard input, with up to three names as variables.
        sql() { inside 120 'exec psql -AtXq -v ON_ERROR_STOP=1 -v a="$1" -v b="$2" -v c="$3"' "$1" "${2-}" "${3-}"; }
        exists() { [ "$(echo "select 1 from pg_database where datname = :'a'" | sql "$1")" = 1 ]; }
        # Gives $1 the name $2, and $3 the name $1: both or neither. Whoever is connected is cut off.
        swap_databases() {
            tries=0
            until {
                echo 'alter database :"a" with allow_connections false;'
                echo "select pg_terminate_backend(pid) from pg_stat_activity where datname in (:'a', :'c');"
                echo 'begin; alter database :"a" rename to :"b"; alter database :"c" rename to :"a"; commit;'
                echo 'alter database :"a" with allow_connections true;'
                echo 'alter database :"b" with allow_connections true;'
            } | sql "$1" "$2" "$3" >/dev/null 2>"$work/dump.err"; do
                echo 'alter database :"a" with allow_connections true;' | sql "$1" >/dev/null 2>&1
                tries=$((tries + 1))
                [ "$tries" -lt 5 ] || return 1
                sleep 1
            done
        }
        note() { printf '%s %s %s %s\n' "$1" "$(printf %s "$2" | encode)" "$(printf %s "$3" | encode)" \
            "$(printf %s "$4" | encode)" >>"$record" && sync "$record"; }
        kept() { raw kept "$(printf %s "$1" | encode) $(printf %s "$2" | encode)"; }

        # The name of a database beside $1: at most 63 bytes, as PostgreSQL's names are. One that has to be cut
        # could be another one's too, so it gets the beginning of a hash, and no half of a letter stays.
        beside() {
            short=$1
            if [ "$(printf %s "$1" | wc -c)" -gt 38 ]; then
                letter="[$(printf '\300')-$(printf '\377')][$(printf '\200')-$(printf '\277')]*\$"
                short=$(printf %s "$1" | head -c 29 | sed "s/$letter//")
                short=${short}_$(printf %s "$1" | sha256sum | head -c 8)
            fi
            printf '%s_%s_%s' "$short" "$2" "$stamp"
        }

        # What belongs to a database and is in no dump of it, from $1 to $2: who may connect, its limit and
        # comment, its settings and those of roles in it. Names and values are quoted by the server alone. Some
        # settings are lists, and their elements are quoted one by one (as in pg_dump, GUC_LIST_QUOTE).
        carry_over() {
            sql "$1" "$2" >/dev/null 2>"$work/dump.err" <<'SQL'
            with d as (select * from pg_database where datname = :'a'), commands as (
                select 1 as part, 0::bigint as nth, format('alter database %I connection limit %s', :'b', datconnlimit)
                    as command from d where datconnlimit > -1
                union all
                select 2, 0, format('comment on database %I is %L', :'b', shobj_description(oid, 'pg_database'))
                    from d where shobj_description(oid, 'pg_database') is not null
                union all
                select 3, 0, format('revoke all on database %I from public, %I', :'b', pg_get_userbyid(datdba))
                    from d where datacl is not null
                union all
                select case when grantor = datdba then 4 else 5 end, nth,
                    case when grantor <> datdba then format('set role %I; ', pg_get_userbyid(grantor)) else '' end
                    || format('grant %s on database %I to ', privilege_type, :'b')
                    || case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
                    || case when is_grantable then ' with grant option' else '' end
                    || case when grantor <> datdba then '; reset role' else '' end
                    from d cross join lateral aclexplode(datacl) with ordinality
                        as a(grantor, grantee, privilege_type, is_grantable, nth)
                union all
                select 1, 1, format('alter database %I is_template true', :'b') from d where datistemplate
                union all
                select 6, 0, case when setrole = 0 then format('alter database %I', :'b')
                    else format('alter role %I in database %I', pg_get_userbyid(setrole), :'b') end
                    || format(' set %I to ', name) || case when lower(name) in ('search_path', 'temp_tablespaces',
                        'local_preload_libraries', 'session_preload_libraries', 'shared_preload_libraries',
                        'unix_socket_directories')
                    then coalesce((select string_agg(quote_literal(coalesce(replace(m[1], '""', '"'), rtrim(m[2]))),
                        ', ' order by n) from regexp_matches(value, '"((?:[^"]|"")*)"|([^",[:space:]][^",]*)', 'g')
                        with ordinality as l(m, n)), quote_literal(''))
                    else quote_literal(value) end
                    from (select setrole, split_part(pair, '=', 1) as name,
                            substr(pair, strpos(pair, '=') + 1) as value
                        from d join pg_db_role_setting on setdatabase = d.oid cross join unnest(setconfig) as pair) s
            )
            select command from commands order by part, nth
            \gexec
        SQL
        }

        restore_postgres() {
            ready || return
            fresh=$(beside "$name" restored)
            # To undo it is to drop what there was not: that it is not there, the server has to say.
            aside=$(echo "select 1 from pg_database where datname = :'a'" | sql "$name" 2>"$work/dump.err") || return
            if [ -n "$aside" ]; then aside=$(beside "$name" before); fi
            note postgres "$wanted" "$name" "$aside" || return
            echo 'drop database if exists :"a";' | sql "$fresh" >/dev/null 2>"$work/dump.err" || return
            if exists "$name"; then
                # As JSON a row has the columns that its release has: the provider of the locale came with 15,
                # and 17 gave its column another name.
                printf '%s' "select format('create database %I template template0 encoding %L lc_collate %L " \
                    "lc_ctype %L owner %I tablespace %I', :'b', pg_encoding_to_char(encoding), datcollate, " \
                    "datctype, pg_get_userbyid(datdba), (select spcname from pg_tablespace t " \
                    "where t.oid = dattablespace)) || coalesce(case j->>'datlocprovider' " \
                    "when 'i' then ' locale_provider icu icu_locale ' || " \
                    "quote_literal(coalesce(j->>'datlocale', j->>'daticulocale')) || " \
                    "coalesce(' icu_rules ' || quote_literal(j->>'daticurules'), '') " \
                    "when 'b' then ' locale_provider builtin builtin_locale ' || quote_literal(j->>'datlocale') " \
                    "when 'c' then ' locale_provider libc' end, '') " \
                    "from pg_database d cross join lateral to_jsonb(d) j where datname = :'a' "
                printf '%s\n' '\gexec'
            else
                echo 'create database :"b" template template0;'
            fi | sql "$name" "$fresh" >/dev/null 2>"$work/dump.err" || return
            timescale pre || return
            inside "$dump_seconds" 'exec pg_restore --exit-on-error -d "$1"' "$fresh" <"$path" \
                >/dev/null 2>"$work/dump.err" || return
            timescale post || return
            if exists "$name"; then
                carry_over "$name" "$fresh" && swap_databases "$name" "$aside" "$fresh" || return
                kept "$wanted" "$aside"
            else
                # Its name and what belongs to it, both or neither.
                own_statements >"$work/owned" || return
                {
                    echo 'begin; alter database :"a" rename to :"b";'
                    cat "$work/owned"
                    echo 'commit;'
                } | sql "$fresh" "$name" >/dev/null 2>"$work/dump.err" || return
            fi
        }
        # TimescaleDB wants to be told before its tables are filled, and afterwards ($1: pre or post).
        timescale() {
            if [ "$1" = pre ]; then
                inside 120 'exec pg_restore -l' <"$path" >"$work/entries" 2>"$work/dump.err" || return
            fi
            grep -q '^[0-9]*; [0-9]* [0-9]* EXTENSION - timescaledb ' "$work/entries" || return 0
            {
                if [ "$1" = pre ]; then echo 'create extension if not exists timescaledb;'; fi
                echo "select timescaledb_${1}_restore();"
            } | inside 120 'PGDATABASE=$1; exec psql -AtXq -v ON_ERROR_STOP=1' "$fresh" \
                >/dev/null 2>"$work/dump.err"
        }
        undo_postgres() {
            ready || return
            fresh=$(beside "$name" restored)
            if [ -z "$aside" ]; then
                # There was none of its name before.
                drop_database "$name" && drop_database "$fresh"
                return
            fi
            if exists "$aside"; then
                if exists "$name"; then swap_databases "$name" "$fresh" "$aside" || return
                else
                    echo 'alter database :"a" rename to :"b";' | sql "$aside" "$name" >/dev/null \
                        2>"$work/dump.err" || return
                fi
            elif exists "$name"; then
                # Whoever changes names locks everybody out first; a kill in between leaves it so.
                echo 'alter database :"a" with allow_connections true;' | sql "$name" >/dev/null \
                    2>"$work/dump.err" || return
            fi
            drop_database "$fresh"
        }
        # A template is dropped as well, and whoever is connected is cut off.
        drop_database() {
            {
                printf '%s\n' "select format('alter database %I with is_template false allow_connections false', " \
                    "datname) from pg_database where datname = :'a'" '\gexec'
                echo "select pg_terminate_backend(pid) from pg_stat_activity where datname = :'a';"
                echo 'drop database if exists :"a";'
            } | sql "$1" >/dev/null 2>"$work/dump.err"
        }

        restore_sqlite() {
            locate "$(sqlite_path "$(n8n_folder)" "$name")"
            [ -n "$on_host" ] || { echo 'Its data lies in no volume.' >"$work/dump.err"; return 1; }
            target=$on_host
            on_host=${target%/*}
            fresh=$target.restored-$stamp
            aside=$target.before-$stamp
            gzip -dc "$path" >"$fresh" 2>"$work/dump.err" || return
            like=$target
            [ -e "$like" ] || like=$on_host
            { chown --reference="$like" "$fresh" && chmod --reference="$like" "$fresh" && sync "$fresh"; } \
                2>"$work/dump.err" || return
            [ ! -d "$like" ] || chmod 600 "$fresh"
            note sqlite "$wanted" "$target" "$aside" || return
            for end in '' -wal -shm; do
                [ ! -e "$target$end" ] || mv -f "$target$end" "$aside$end" 2>"$work/dump.err" || return
            done
            { mv -f "$fresh" "$target" && sync "$on_host"; } 2>"$work/dump.err" || return
            [ ! -e "$aside" ] || kept "$wanted" "$aside"
        }
        undo_sqlite() {
            rm -f "$name.restored-$stamp"
            [ -e "$aside" ] || return 0
            rm -f "$name" "$name-wal" "$name-shm"
            for end in -shm -wal ''; do
                [ ! -e "$aside$end" ] || mv -f "$aside$end" "$name$end" 2>"$work/dump.err" || return
            done
            sync "${name%/*}"
        }

        # Whole and as it was written, each of them, before the first is touched.
        check_dumps() {
            for word in $G_DUMPS; do
                sum=${word##*:}
                rest=${word%:*}
                path=$(decode "${rest##*:}")
                found=$(timeout -k 5 600 sha256sum <"$path" 2>"$work/dump.err") || { why=dump_damaged; return 1; }
                if [ "${found%% *}" != "$(decode "$sum")" ]; then
                    why=dump_damaged
                    echo "$path" >"$work/dump.err"
                    return 1
                fi
            done
        }
        restore_steps() {
            check_dumps || return
            set --
            for word in $G_STOPS; do set -- "$@" "$(decode "$word")"; done
            if [ $# -gt 0 ]; then dc "$file" stop -t "$grace" "$@" >"$work/dump.err" 2>&1 || return; fi
            for word in $G_DUMPS; do
                how=$(decode "${word%%:*}"); word=${word#*:}
                wanted=$(decode "${word%%:*}"); word=${word#*:}
                name=$(decode "${word%%:*}"); word=${word#*:}
                path=$(decode "${word%%:*}")
                service_part "$wanted" && "restore_$how" || return
            done
        }
        undo_steps() {
            [ -s "$record" ] || return 0
            set --
            for word in $G_STOPS; do set -- "$@" "$(decode "$word")"; done
            if [ $# -gt 0 ]; then dc "$file" stop -t "$grace" "$@" >/dev/null 2>&1; fi
            # Backwards: a role is dropped after the database that it owns.
            sed '1!G; h; $!d' "$record" >"$work/record"
            while read -r how wanted name aside <&4; do
                wanted=$(decode "$wanted"); name=$(decode "$name"); aside=$(decode "$aside")
                service_part "$wanted" && "undo_$how" || return
            done 4<"$work/record"
            mv -f "$record" "$record.undone"
        }

        steps=restore_steps
        if [ "$undo" = yes ]; then steps=undo_steps; fi
        { "$steps"; echo "$? $why" >"$work/dumped"; } </dev/null >/dev/null 9>&- &
        working=$!
        wait_for "$working" || fail restore_timeout "$mount"
        read -r status why <"$work/dumped"
        [ "$status" = 0 ] || fail "$why" "$(first_lines 10 "$work/dump.err")"
        end_lease
        finish done
        """#
}
