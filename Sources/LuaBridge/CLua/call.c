#include <string.h>
#include <unistd.h>

#include "worker.h"

// Reads the reply to what was just sent and pushes its value. Returns whether it was no error.
static bool exchange(lua_State *L, unsigned char expected) {
    frame_receive(L);
    unsigned char kind = worker_of(L)->in.bytes[0];
    if (kind != expected && kind != GEUSE_FRAME_ERROR) _exit(EXIT_BAD_FRAME);
    decode_push(L);
    return kind == expected;
}

// Whether the value at 1 is the module that a function is called of: what a colon puts there.
static bool is_own_module(lua_State *L, const char *name) {
    const char *dot = strchr(name, '.');
    if (!dot || !lua_istable(L, 1) || luaL_getmetafield(L, 1, "__name") == LUA_TNIL) return false;
    size_t length = 0;
    const char *own = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &length) : "";
    bool same = length == (size_t)(dot - name) && memcmp(own, name, length) == 0;
    lua_pop(L, 1);
    return same;
}

// In the words of the check of scripts.
static void refuse_colon(lua_State *L, const char *name) {
    if (!is_own_module(L, name)) return;
    const char *dot = strchr(name, '.');
    const char *module = lua_pushlstring(L, name, (size_t)(dot - name));
    const char *hint = lua_pushfstring(L, "Write %s with a dot.", name);
    error_raise(L, "method_call", hint, "%s:%s passes %s itself as the first argument.", module,
                dot + 1, module);
}

// A function of the API: the first upvalue is its full name. Its arguments are checked by the core.
static int call(lua_State *L) {
    const char *name = lua_tostring(L, lua_upvalueindex(1));
    refuse_colon(L, name);
    encode_call(L, name, GEUSE_PHASE_CALL, 1, lua_gettop(L));
    return exchange(L, GEUSE_FRAME_RETURN) ? 1 : lua_error(L);
}

int call_new(lua_State *L) {
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_pushcclosure(L, call, 1);
    return 1;
}

static const char *field_of(lua_State *L, int index, const char *name, size_t *length) {
    if (!lua_istable(L, index)) return NULL;
    lua_pushstring(L, name);
    lua_rawget(L, index);
    return lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, length) : NULL;
}

// Tells the core that the function of a bracket has ended, how, and where it failed. It needs no
// memory, so a bracket that was begun is always ended.
static void send_end(lua_State *L, const char *name, bool fine, int error) {
    static struct compact frame;
    lua_Debug where;
    const char *file = "";
    lua_Integer line = 0;
    if (!fine) {
        line = report_place(&file);
    } else if (position_of(L, &where)) {
        file = where.short_src;
        line = where.currentline;
    }
    compact_begin(&frame, GEUSE_FRAME_CALL);
    compact_list(&frame, 5);
    compact_integer(&frame, GEUSE_PHASE_END);
    compact_text(&frame, name);
    compact_text(&frame, file);
    compact_integer(&frame, line);
    compact_list(&frame, 5);
    compact_boolean(&frame, fine);
    size_t length = 0;
    const char *text = fine ? NULL : field_of(L, error, "code", &length);
    compact_string(&frame, text, length, 256);
    text = NULL;
    if (!fine) {
        text = lua_type(L, error) == LUA_TSTRING ? lua_tolstring(L, error, &length)
                                                 : field_of(L, error, "message", &length);
        // Of a test, whose error is told nowhere else. Where there is no memory for it, it is left out.
        if (!text && lua_toboolean(L, lua_upvalueindex(2))) {
            lua_pushcfunction(L, value_show);
            lua_pushvalue(L, error);
            if (lua_pcall(L, 1, 1, 0) == LUA_OK) text = lua_tolstring(L, -1, &length);
        }
    }
    compact_string(&frame, text, length, 4096);
    text = fine ? NULL : field_of(L, error, "detail", &length);
    compact_string(&frame, text, length, 4096);
    text = fine ? NULL : field_of(L, error, "hint", &length);
    compact_string(&frame, text, length, 1024);
    compact_send(&frame);
}

// A function of the API whose last argument is a function: the core is told, the function is run,
// the core is told again. The call of C in between keeps a coroutine from leaving it half-way.
static int bracket(lua_State *L) {
    const char *name = lua_tostring(L, lua_upvalueindex(1));
    refuse_colon(L, name);
    int function = lua_gettop(L);
    if (function == 0 || !lua_isfunction(L, function)) {
        return error_raise(L, "wrong_type", NULL, "%s: the last argument must be a function, got %s.",
                           name, function == 0 ? "nothing" : luaL_typename(L, function));
    }
    // All that the end will need is taken before the beginning.
    luaL_checkstack(L, 16, NULL);
    lua_pushliteral(L, "code");
    lua_pushliteral(L, "message");
    lua_pushliteral(L, "detail");
    lua_pushliteral(L, "hint");
    encode_call(L, name, GEUSE_PHASE_BEGIN, 1, function - 1);
    if (!exchange(L, GEUSE_FRAME_RETURN)) return lua_error(L);
    // The core's answer false means that the function is not to be run; the bracket is closed.
    if (lua_isboolean(L, -1) && !lua_toboolean(L, -1)) return 0;
    int given = lua_gettop(L);
    lua_pushcfunction(L, report_handler);
    int handler = lua_gettop(L);
    lua_pushvalue(L, function);
    lua_pushvalue(L, given);
    int status = lua_pcall(L, 1, LUA_MULTRET, handler);
    bool fine = status == LUA_OK;
    int last = lua_gettop(L);
    bool contained = lua_toboolean(L, lua_upvalueindex(2));
    // The core learns why, and that what comes after needs another worker.
    if (contained && !fine && is_memory_error(L, status, last)) worker_out_of_memory();
    send_end(L, name, fine, last);
    lua_settop(L, last);
    bool ended = exchange(L, GEUSE_FRAME_RETURN);
    // What a heap once held is never given back (memory.c), and would be missing in what comes after.
    if (contained && worker_of(L)->memory.refused) worker_out_of_memory();
    if (!fine && contained) {
        // The same text raised again is another error.
        report_prepare(L);
        return 0;
    }
    if (!fine) {
        lua_settop(L, last);
        return lua_error(L);
    }
    if (!ended) return lua_error(L);
    lua_pop(L, 1);
    return last - handler;
}

// new_bracket(name, contained): a failure inside a contained bracket ends there; the core knows of it.
int bracket_new(lua_State *L) {
    luaL_checkstring(L, 1);
    lua_settop(L, 2);
    lua_pushcclosure(L, bracket, 2);
    return 1;
}

// source_fetch(name): the chunk's name and its source, from the core.
int source_fetch(lua_State *L) {
    static struct compact frame;
    size_t length;
    const char *name = luaL_checklstring(L, 1, &length);
    decode_prepare(L);
    lua_Debug where;
    bool known = position_of(L, &where);
    compact_begin(&frame, GEUSE_FRAME_REQUIRE);
    compact_list(&frame, 3);
    compact_string(&frame, name, length, 1024);
    compact_text(&frame, known ? where.short_src : "");
    compact_integer(&frame, known ? where.currentline : 0);
    compact_send(&frame);
    if (!exchange(L, GEUSE_FRAME_SOURCE)) return lua_error(L);
    if (!lua_istable(L, -1)) _exit(EXIT_BAD_FRAME);
    lua_rawgeti(L, -1, 1);
    lua_rawgeti(L, -2, 2);
    if (lua_type(L, -1) != LUA_TSTRING || lua_type(L, -2) != LUA_TSTRING) _exit(EXIT_BAD_FRAME);
    return 2;
}
