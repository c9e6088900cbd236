#include <stdio.h>
#include <string.h>

#include "worker.h"

// The first and the last levels that a traceback shows.
#define FIRST_LEVELS 12
#define LAST_LEVELS 10

static bool is_native(const lua_Debug *where) { return strcmp(where->what, "C") == 0; }

// Whether a level belongs to the script: Lua, and not the prelude, whose chunk is named "=geuse".
static bool is_script(const lua_Debug *where) {
    return !is_native(where) && strcmp(where->source, "=geuse") != 0;
}

// Finds the innermost line of a script.
bool position_of(lua_State *L, lua_Debug *where) {
    for (int level = 0; lua_getstack(L, level, where); level++) {
        lua_getinfo(L, "Sl", where);
        if (is_script(where)) return true;
    }
    return false;
}

static int count_levels(lua_State *L) {
    lua_Debug where;
    int low = 1, high = 1;
    while (lua_getstack(L, high, &where)) {
        low = high;
        high *= 2;
    }
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (lua_getstack(L, middle, &where))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void write_level(const lua_Debug *where, char *line, size_t room) {
    bool native = is_native(where);
    char place[LUA_IDSIZE + 32];
    if (native)
        snprintf(place, sizeof place, "[C]");
    else
        snprintf(place, sizeof place, "%s:%d", where->short_src, where->currentline);
    if (strcmp(where->what, "main") == 0)
        snprintf(line, room, "%s: in main chunk\n", place);
    else if (where->name)
        snprintf(line, room, "%s: in %s '%.80s'\n", place,
                 *where->namewhat ? where->namewhat : "function", where->name);
    else if (native)
        snprintf(line, room, "%s: in a built-in function\n", place);
    else
        snprintf(line, room, "%s: in function <%s:%d>\n", place, where->short_src,
                 where->linedefined);
}

// Whether a level is the worker's own: the prelude, or a function of C that it or nobody calls.
static bool is_hidden(lua_State *L, int level, const lua_Debug *where) {
    if (is_script(where)) return false;
    if (!is_native(where) || !where->name) return true;
    lua_Debug caller;
    if (!lua_getstack(L, level + 1, &caller)) return false;
    lua_getinfo(L, "S", &caller);
    return !is_script(&caller) && !is_native(&caller);
}

// Writes the calls that led here, innermost first, without the worker's own and without the levels
// before `first`.
void traceback_write(lua_State *L, int first, char *into, size_t room) {
    into[0] = 0;
    size_t length = 0;
    int levels = count_levels(L) - first;
    lua_Debug where;
    for (int level = first; lua_getstack(L, level, &where); level++) {
        if (level - first == FIRST_LEVELS && levels > FIRST_LEVELS + LAST_LEVELS) {
            int skipped = levels - FIRST_LEVELS - LAST_LEVELS;
            length += (size_t)snprintf(into + length, room - length, "... %d levels\n", skipped);
            level += skipped - 1;
            continue;
        }
        lua_getinfo(L, "nSl", &where);
        if (is_hidden(L, level, &where)) continue;
        char line[2 * LUA_IDSIZE + 200];
        write_level(&where, line, sizeof line);
        size_t more = strlen(line);
        if (length + more >= room - 32) return;
        memcpy(into + length, line, more + 1);
        length += more;
    }
}
