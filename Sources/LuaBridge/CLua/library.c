#include "worker.h"

// The libraries that a script gets, and the prelude that fits them together.

static const char prelude[] = {
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
#embed "prelude.lua"
#pragma clang diagnostic pop
};

static const luaL_Reg libraries[] = {
    {"base", luaopen_base},   {"string", luaopen_string}, {"table", luaopen_table},
    {"math", luaopen_math},   {"utf8", luaopen_utf8},     {"coroutine", luaopen_coroutine},
    {NULL, NULL},
};

static const luaL_Reg functions[] = {
    {"pairs", ordered_pairs},     {"sort", stable_sort},      {"tostring", plain_tostring},
    {"new_error", error_new},     {"new_call", call_new},     {"new_bracket", bracket_new},
    {"fetch_source", source_fetch}, {"resume", coroutine_resume}, {"wrap", coroutine_wrap},
    {NULL, NULL},
};

// The original that `tostring`-like replacements call stays behind them as an upvalue.
static void add_format(lua_State *L) {
    lua_getfield(L, -1, "string");
    lua_getfield(L, -1, "format");
    lua_pushcclosure(L, plain_format, 1);
    lua_setfield(L, -3, "format");
    lua_pop(L, 1);
}

static void add_next(lua_State *L) {
    lua_pushnil(L);
    lua_newtable(L);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, ordered_next, 3);
    lua_setfield(L, -2, "next");
}

// Puts the replacements in the places of what they replace, where their names are looked up.
static void name_replacements(lua_State *L) {
    static const char *const replaced[][2] = {
        {"base", "pairs"},        {"base", "next"},         {"base", "tostring"},
        {"string", "format"},     {"table", "sort"},        {"coroutine", "resume"},
        {"coroutine", "wrap"},
    };
    for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) {
        lua_getfield(L, -1, replaced[i][0]);
        lua_getfield(L, -2, replaced[i][1]);
        lua_setfield(L, -2, replaced[i][1]);
        lua_pop(L, 1);
    }
}

// Leaves in the registry, as "begin", the function that makes the globals of a script.
int library_open(lua_State *L) {
    report_prepare(L);
    if (luaL_loadbufferx(L, prelude, sizeof prelude, "=geuse", "t") != LUA_OK) return lua_error(L);
    // Where the auxiliary library looks up the name of a function that an error is about and that was
    // not called by one. No script gets at it.
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_newtable(L);
    for (const luaL_Reg *library = libraries; library->name; library++) {
        lua_pushcfunction(L, library->func);
        lua_pushstring(L, library->name);
        lua_call(L, 1, 1);
        lua_pushvalue(L, -1);
        lua_setfield(L, -4, library == libraries ? LUA_GNAME : library->name);
        lua_setfield(L, -2, library->name);
    }
    lua_remove(L, -2);
    luaL_setfuncs(L, functions, 0);
    add_format(L);
    add_next(L);
    name_replacements(L);
    lua_call(L, 1, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, "begin");
    return 0;
}
