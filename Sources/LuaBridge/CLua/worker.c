#include "worker.h"

#include <unistd.h>

static int panic(lua_State *L) {
    (void)L;
    _exit(EXIT_PANIC);
}

static void send_ready(struct worker *worker) {
    static struct compact frame;
    compact_begin(&frame, GEUSE_FRAME_READY);
    compact_list(&frame, 2);
    compact_integer(&frame, GEUSE_PROTOCOL_VERSION);
    compact_boolean(&frame, worker->filtered);
    compact_send(&frame);
}

// The element of the START frame's list at index 1, which must be of that type.
static void push_part(lua_State *L, int position, int type) {
    if (lua_rawgeti(L, 1, position) != type) _exit(EXIT_BAD_FRAME);
}

// From the list [name, source, modules, seed, seed, mode] to the function to run.
static int prepare(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_getfield(L, LUA_REGISTRYINDEX, "begin");
    push_part(L, 3, LUA_TTABLE);
    push_part(L, 4, LUA_TNUMBER);
    push_part(L, 5, LUA_TNUMBER);
    lua_call(L, 3, 1);
    // What `load` gives to a chunk as its globals, too.
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    push_part(L, 1, LUA_TSTRING);
    const char *name = lua_pushfstring(L, "@%s", lua_tostring(L, -1));
    size_t length;
    push_part(L, 2, LUA_TSTRING);
    const char *source = lua_tolstring(L, -1, &length);
    int status = luaL_loadbufferx(L, source, length, name, "t");
    if (status != LUA_OK) {
        // Also what the parser would have to nest too deeply ("C stack overflow").
        worker_of(L)->syntax = status != LUA_ERRMEM;
        return lua_error(L);
    }
    push_part(L, 6, LUA_TNUMBER);
    return 2;
}

static void protect(lua_State *L, int arguments, int results, int handler) {
    int status = lua_pcall(L, arguments, results, handler);
    if (status != LUA_OK) report_failure(L, status);
}

_Noreturn void geuse_worker_body(struct worker *worker) {
    geuse_prepare_memory();
    lua_State *L = lua_newstate(geuse_allocate, &worker->memory);
    if (!L) worker_out_of_memory();
    *(struct worker **)lua_getextraspace(L) = worker;
    lua_atpanic(L, panic);
    lua_pushcfunction(L, library_open);
    protect(L, 0, 0, 0);
    send_ready(worker);
    frame_receive(L);
    if (worker->in.bytes[0] != GEUSE_FRAME_START) _exit(EXIT_BAD_FRAME);
    lua_pushcfunction(L, report_handler);
    lua_pushcfunction(L, prepare);
    decode_push(L);
    if (!lua_istable(L, -1)) _exit(EXIT_BAD_FRAME);
    protect(L, 1, 2, 1);
    if (lua_tointeger(L, -1) == GEUSE_MODE_RUN) {
        lua_pop(L, 1);
        report_running(L);
        protect(L, 0, 0, 1);
    }
    static struct compact frame;
    compact_begin(&frame, GEUSE_FRAME_DONE);
    compact_list(&frame, 0);
    compact_send(&frame);
    _exit(EXIT_FINISHED);
}
