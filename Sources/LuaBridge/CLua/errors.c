#include <stdarg.h>
#include <string.h>

#include "worker.h"

static bool append_field(lua_State *L, int table, const char *name, bool spaced) {
    lua_pushstring(L, name);
    lua_rawget(L, table);
    if (lua_type(L, -1) != LUA_TSTRING) {
        lua_pop(L, 1);
        return spaced;
    }
    if (spaced) {
        lua_pushliteral(L, " ");
        lua_insert(L, -2);
        lua_concat(L, 3);
    } else {
        lua_concat(L, 2);
    }
    return true;
}

// __tostring: the message, the detail and the hint, as one line of sentences.
static int error_text(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_pushliteral(L, "");
    bool some = append_field(L, 1, "message", false);
    some = append_field(L, 1, "detail", some);
    append_field(L, 1, "hint", some);
    return 1;
}

static int error_concat(lua_State *L) {
    plain_text(L, 1);
    plain_text(L, 2);
    lua_concat(L, 2);
    return 1;
}

// __index: a member that no error has is a slip, and not nil.
static int error_index(lua_State *L) {
    static const char *const members[] = {"code", "message", "detail", "hint", "step"};
    // Only names are misspelt; a walk by positions finds none.
    if (lua_type(L, 2) != LUA_TSTRING) return 0;
    for (int i = 0; i < 5; i++)
        if (strcmp(lua_tostring(L, 2), members[i]) == 0) return 0;
    lua_settop(L, 2);
    plain_text(L, 2);
    return error_raise(L, "unknown_member", "It has code, message, detail, hint and step.",
                       "An error has no member %s.", lua_tostring(L, -1));
}

// Under the address of this an error's metatable keeps its id: no script has a key like it, so no table
// of a script's own making can pass for an error of the core's.
static const char record = 0;

// The id of the core's own record of an error; 0 if the value is none.
lua_Integer error_id(lua_State *L, int index) {
    if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return 0;
    lua_rawgetp(L, -1, &record);
    lua_Integer id = lua_tointeger(L, -1);
    lua_pop(L, 2);
    return id;
}

// Gives the table on top what makes it an error. `id` stands for the core's own record of it.
static void make_error(lua_State *L, lua_Integer id) {
    lua_createtable(L, 0, 7);
    lua_pushcfunction(L, error_index);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "__plain");
    lua_pushcfunction(L, error_text);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, error_concat);
    lua_setfield(L, -2, "__concat");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pushliteral(L, "error");
    lua_setfield(L, -2, "__name");
    lua_pushinteger(L, id);
    lua_rawsetp(L, -2, &record);
    lua_setmetatable(L, -2);
}

// Turns the table of an ERROR frame, on top, into an error.
void error_adopt(lua_State *L) {
    luaL_checktype(L, -1, LUA_TTABLE);
    lua_getfield(L, -1, "id");
    lua_Integer id = lua_tointeger(L, -1);
    lua_pop(L, 1);
    lua_pushnil(L);
    lua_setfield(L, -2, "id");
    make_error(L, id);
}

int error_raise(lua_State *L, const char *code, const char *hint, const char *message, ...) {
    va_list values;
    lua_createtable(L, 0, 3);
    lua_pushstring(L, code);
    lua_setfield(L, -2, "code");
    va_start(values, message);
    lua_pushvfstring(L, message, values);
    va_end(values);
    lua_setfield(L, -2, "message");
    lua_pushstring(L, hint);
    lua_setfield(L, -2, "hint");
    make_error(L, 0);
    return lua_error(L);
}

// error_new(code, message, hint): the error, for code in Lua to raise.
int error_new(lua_State *L) {
    lua_settop(L, 3);
    lua_createtable(L, 0, 3);
    static const char *const names[] = {"code", "message", "hint"};
    for (int i = 0; i < 3; i++) {
        lua_pushvalue(L, i + 1);
        lua_setfield(L, -2, names[i]);
    }
    make_error(L, 0);
    return 1;
}
