#include "worker.h"

// pairs and next over the sorted keys. A visit works on the keys as they were when it began, as Lua
// allows: keys that were removed are left out, new ones are not visited.

// Upvalues: the table, its keys, the position reached.
static int visit(lua_State *L) {
    lua_Integer position = lua_tointeger(L, lua_upvalueindex(3));
    for (;;) {
        position++;
        lua_settop(L, 0);
        if (lua_rawgeti(L, lua_upvalueindex(2), position) == LUA_TNIL) return 1;
        lua_pushvalue(L, 1);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) break;
    }
    lua_pushinteger(L, position);
    lua_replace(L, lua_upvalueindex(3));
    return 2;
}

int ordered_pairs(lua_State *L) {
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_pushvalue(L, 1);
    keys_push_sorted(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, visit, 3);
    lua_pushvalue(L, 1);
    return 2;
}

// Where the key at index 2 stands among the keys in upvalue 2.
static lua_Integer find_key(lua_State *L) {
    for (lua_Integer position = 1;; position++) {
        if (lua_rawgeti(L, lua_upvalueindex(2), position) == LUA_TNIL)
            return luaL_error(L, "invalid key to 'next'");
        bool same = lua_rawequal(L, -1, 2);
        lua_pop(L, 1);
        if (same) return position;
    }
}

// Upvalues: as of `visit`, for the table that was asked for last, so that a walk with next is not
// a sort a step.
int ordered_next(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    lua_Integer position = 0;
    bool fresh = lua_isnil(L, 2) || !lua_rawequal(L, 1, lua_upvalueindex(1));
    if (!fresh) {
        position = lua_tointeger(L, lua_upvalueindex(3));
        lua_rawgeti(L, lua_upvalueindex(2), position);
        fresh = !lua_rawequal(L, -1, 2);
        lua_settop(L, 2);
    }
    if (fresh) {
        keys_push_sorted(L, 1);
        lua_replace(L, lua_upvalueindex(2));
        lua_pushvalue(L, 1);
        lua_replace(L, lua_upvalueindex(1));
        position = lua_isnil(L, 2) ? 0 : find_key(L);
    }
    lua_pushinteger(L, position);
    lua_replace(L, lua_upvalueindex(3));
    int results = visit(L);
    if (results == 1) {
        // A table that was walked to its end is not kept alive by it.
        lua_pushnil(L);
        lua_replace(L, lua_upvalueindex(1));
        lua_pushnil(L);
        lua_replace(L, lua_upvalueindex(2));
    }
    return results;
}
