#include <string.h>
#include <unistd.h>

#include "worker.h"

// Bytes to Lua values. The core is trusted no more than the worker: every length is checked.

struct decoder {
    const unsigned char *at;
    const unsigned char *end;
    uint32_t values;
};

static void need(struct decoder *from, size_t length) {
    if ((size_t)(from->end - from->at) < length) _exit(EXIT_BAD_FRAME);
}

static uint64_t take_number(struct decoder *from, int size) {
    need(from, (size_t)size);
    uint64_t value = 0;
    for (int i = 0; i < size; i++) value |= (uint64_t)from->at[i] << 8 * i;
    from->at += size;
    return value;
}

// A count of things of at least one byte each, so that a false one can't make Lua allocate.
static int take_count(struct decoder *from) {
    uint64_t count = take_number(from, 4);
    if (count > GEUSE_VALUE_LIMIT) _exit(EXIT_BAD_FRAME);
    need(from, count);
    return (int)count;
}

static void push_string(lua_State *L, struct decoder *from) {
    size_t length = (size_t)take_number(from, 4);
    need(from, length);
    lua_pushlstring(L, (const char *)from->at, length);
    from->at += length;
}

static void push_value(lua_State *L, struct decoder *from, int depth);

static void push_positions(lua_State *L, struct decoder *from, int depth, int names) {
    int count = take_count(from);
    lua_createtable(L, count, names);
    for (int i = 1; i <= count; i++) {
        push_value(L, from, depth + 1);
        lua_rawseti(L, -2, i);
    }
}

static void push_value(lua_State *L, struct decoder *from, int depth) {
    // Frames carry up to two lists around a value.
    if (depth > GEUSE_DEPTH_LIMIT + 2 || ++from->values > GEUSE_VALUE_LIMIT) _exit(EXIT_BAD_FRAME);
    luaL_checkstack(L, 4, NULL);
    uint64_t word;
    double number;
    int names;
    switch (take_number(from, 1)) {
    case GEUSE_VALUE_NIL: lua_pushnil(L); break;
    case GEUSE_VALUE_FALSE: lua_pushboolean(L, 0); break;
    case GEUSE_VALUE_TRUE: lua_pushboolean(L, 1); break;
    case GEUSE_VALUE_INTEGER: lua_pushinteger(L, (lua_Integer)take_number(from, 8)); break;
    case GEUSE_VALUE_DOUBLE:
        word = take_number(from, 8);
        memcpy(&number, &word, sizeof number);
        lua_pushnumber(L, number);
        break;
    case GEUSE_VALUE_STRING: push_string(L, from); break;
    case GEUSE_VALUE_LIST: push_positions(L, from, depth, 0); break;
    case GEUSE_VALUE_MAP:
        push_positions(L, from, depth, 4);
        names = take_count(from);
        for (int i = 0; i < names; i++) {
            if (take_number(from, 1) != GEUSE_VALUE_STRING) _exit(EXIT_BAD_FRAME);
            push_string(L, from);
            push_value(L, from, depth + 1);
            lua_rawset(L, -3);
        }
        break;
    default: _exit(EXIT_BAD_FRAME);
    }
}

static int push_frame(lua_State *L) {
    struct buffer *in = &worker_of(L)->in;
    struct decoder from = {.at = in->bytes + 1, .end = in->bytes + in->length};
    push_value(L, &from, 0);
    if (from.at != from.end) _exit(EXIT_BAD_FRAME);
    if (in->bytes[0] == GEUSE_FRAME_ERROR) error_adopt(L);
    return 1;
}

static int nothing(lua_State *L) {
    (void)L;
    return 0;
}

void decode_prepare(lua_State *L) {
    luaL_checkstack(L, 4, NULL);
    lua_pushcfunction(L, nothing);
    lua_call(L, 0, 0);
}

void decode_push(lua_State *L) {
    // A call that was carried out is not to look as if it had failed: see frame_receive.
    if (!lua_checkstack(L, 2)) worker_out_of_memory();
    lua_pushcfunction(L, push_frame);
    if (lua_pcall(L, 0, 1, 0) != LUA_OK) worker_out_of_memory();
    buffer_trim(L, &worker_of(L)->in);
}
