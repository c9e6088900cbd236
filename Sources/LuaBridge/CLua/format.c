#include <string.h>

#include "worker.h"

// Text of values without addresses: the same script prints the same twice, and tells nothing about
// the layout of the process.

// Pushes the text of a value as tostring gives it.
void plain_text(lua_State *L, int index) {
    index = lua_absindex(L, index);
    switch (lua_type(L, index)) {
    case LUA_TNIL:
    case LUA_TBOOLEAN:
    case LUA_TNUMBER:
    case LUA_TSTRING: luaL_tolstring(L, index, NULL); return;
    default: break;
    }
    if (luaL_callmeta(L, index, "__tostring")) {
        if (!lua_isstring(L, -1)) luaL_error(L, "'__tostring' must return a string");
        return;
    }
    int kind = luaL_getmetafield(L, index, "__name");
    if (kind == LUA_TSTRING) return;
    if (kind != LUA_TNIL) lua_pop(L, 1);
    lua_pushstring(L, luaL_typename(L, index));
}

int plain_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    plain_text(L, 1);
    return 1;
}

// Raises the error of the original again as its own caller would have seen it: with the line of the
// script, and under the name that the script used. Called from here, it had neither.
static int raise_placed(lua_State *L) {
    if (lua_type(L, -1) != LUA_TSTRING) return lua_error(L);
    luaL_gsub(L, lua_tostring(L, -1), "to '?' (", "to 'format' (");
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
    return lua_error(L);
}

// string.format, whose original is the first upvalue: %s by the rules above, %p refused.
int plain_format(lua_State *L) {
    size_t length;
    const char *format = luaL_checklstring(L, 1, &length);
    const char *end = format + length;
    int arguments = lua_gettop(L), argument = 1;
    while (format < end) {
        if (*format++ != '%') continue;
        if (format < end && *format == '%') {
            format++;
            continue;
        }
        while (format < end && *format != 0 && strchr("-+ #0123456789.", *format)) format++;
        argument++;
        if (format >= end || argument > arguments) break;
        if (*format == 'p') {
            return luaL_error(L, "invalid conversion '%%p' to 'format': values have no addresses");
        }
        if (*format == 's') {
            plain_text(L, argument);
            lua_replace(L, argument);
        }
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    int status = lua_pcall(L, arguments, 1, 0);
    if (status == LUA_OK) return 1;
    return status == LUA_ERRRUN ? raise_placed(L) : lua_error(L);
}
