#include <string.h>

#include "worker.h"

// How many members of a table are shown.
#define SHOWN 10

static void add_scalar(lua_State *L, luaL_Buffer *text, int index) {
    switch (lua_type(L, index)) {
    case LUA_TSTRING: {
        size_t length;
        const char *bytes = lua_tolstring(L, index, &length);
        luaL_addchar(text, '"');
        luaL_addlstring(text, bytes, length < 200 ? length : 200);
        luaL_addstring(text, length < 200 ? "\"" : "...\"");
        break;
    }
    case LUA_TNUMBER:
    case LUA_TBOOLEAN:
    case LUA_TNIL:
        luaL_tolstring(L, index, NULL);
        luaL_addvalue(text);
        break;
    default: luaL_addstring(text, luaL_typename(L, index));
    }
}

// The text of an error that has no message: a value as it is written, of a table the first members. Reads
// raw, so that no code of the script runs.
int value_show(lua_State *L) {
    luaL_Buffer text;
    lua_settop(L, 1);
    if (!lua_istable(L, 1)) {
        luaL_buffinit(L, &text);
        add_scalar(L, &text, 1);
        luaL_pushresult(&text);
        return 1;
    }
    keys_push_sorted(L, 1);
    lua_pushnil(L);
    lua_pushnil(L);
    lua_Unsigned count = lua_rawlen(L, 2);
    luaL_buffinit(L, &text);
    luaL_addchar(&text, '{');
    for (lua_Unsigned i = 1; i <= count && i <= SHOWN; i++) {
        lua_rawgeti(L, 2, (lua_Integer)i);
        lua_replace(L, 3);
        lua_pushvalue(L, 3);
        lua_rawget(L, 1);
        lua_replace(L, 4);
        if (i > 1) luaL_addstring(&text, ", ");
        if (lua_type(L, 3) == LUA_TSTRING) {
            luaL_addstring(&text, lua_tostring(L, 3));
        } else {
            luaL_addchar(&text, '[');
            add_scalar(L, &text, 3);
            luaL_addchar(&text, ']');
        }
        luaL_addstring(&text, " = ");
        add_scalar(L, &text, 4);
    }
    luaL_addstring(&text, count > SHOWN ? ", ...}" : "}");
    luaL_pushresult(&text);
    return 1;
}
