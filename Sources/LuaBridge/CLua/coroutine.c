#include "worker.h"

// coroutine.resume and coroutine.wrap as the manual has them, but for two things: the worker knows
// which coroutine runs, and an error keeps the place inside the coroutine at which it was raised.

// Runs a coroutine with the values on top of L. Gives how many values it left there, or -1 for one
// that is the error.
static int resume(lua_State *L, lua_State *co, int arguments) {
    if (!lua_checkstack(co, arguments)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    lua_xmove(L, co, arguments);
    int results;
    lua_State *outer = report_running(co);
    int status = lua_resume(co, L, arguments, &results);
    report_running(outer);
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        // What it was doing is still there to be read.
        if (lua_status(co) == status) report_raised(L, co, 0);
        return -1;
    }
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

int coroutine_resume(lua_State *L) {
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co, 1, "coroutine");
    int results = resume(L, co, lua_gettop(L) - 1);
    lua_pushboolean(L, results >= 0);
    int values = results < 0 ? 1 : results;
    lua_insert(L, -(values + 1));
    return values + 1;
}

static int wrapped(lua_State *L) {
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int results = resume(L, co, lua_gettop(L));
    if (results >= 0) return results;
    int status = lua_status(co);
    if (status != LUA_OK && status != LUA_YIELD) {
        // Closes its variables; one of them may raise another error. It wants the first one back.
        lua_pushvalue(L, -1);
        lua_xmove(L, co, 1);
        lua_resetthread(co);
        lua_xmove(co, L, 1);
    }
    return lua_error(L);
}

int coroutine_wrap(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    lua_pushcclosure(L, wrapped, 1);
    return 1;
}
