#include <string.h>

#include "worker.h"

// Lua values to bytes. Tables are read raw: no metamethod runs, so no script code runs in here.

struct encoder {
    lua_State *L;
    struct buffer *out;
    const char *function;
    int argument;
    uint32_t values;
};

static int refuse(struct encoder *to, const char *why) {
    buffer_trim(to->L, to->out);
    return error_raise(to->L, "invalid_value",
                       "Strings, numbers, booleans and tables of these can be passed.",
                       "argument %d of %s %s", to->argument, to->function, why);
}

static void put(struct encoder *to, const void *bytes, size_t length) {
    struct buffer *out = to->out;
    if (length > GEUSE_FRAME_LIMIT + 4 - out->length) refuse(to, "is larger than 8 MiB");
    if (!buffer_reserve(to->L, out, length)) {
        buffer_trim(to->L, out);
        lua_pushliteral(to->L, "not enough memory");
        lua_error(to->L);
    }
    memcpy(out->bytes + out->length, bytes, length);
    out->length += length;
}

static void put_tag(struct encoder *to, unsigned char tag) { put(to, &tag, 1); }

static void put_count(struct encoder *to, size_t value) {
    unsigned char bytes[4];
    for (int i = 0; i < 4; i++) bytes[i] = (unsigned char)(value >> 8 * i);
    put(to, bytes, sizeof bytes);
}

static void put_word(struct encoder *to, unsigned char tag, uint64_t word) {
    unsigned char bytes[9] = {tag};
    for (int i = 0; i < 8; i++) bytes[1 + i] = (unsigned char)(word >> 8 * i);
    put(to, bytes, sizeof bytes);
}

static void put_string(struct encoder *to, const char *bytes, size_t length) {
    put_tag(to, GEUSE_VALUE_STRING);
    put_count(to, length);
    put(to, bytes, length);
}

static void put_value(struct encoder *to, int index, int depth);

// Refuses the key on top, before it is copied, where a script can catch it: to the core such a key is a
// broken frame.
static void check_name(struct encoder *to) {
    size_t length;
    const char *name = lua_tolstring(to->L, -1, &length);
    if (length > GEUSE_KEY_LIMIT) refuse(to, "has a table with a key of more than 256 bytes");
    if (!is_utf8(name, length)) refuse(to, "has a table with a key that is not valid UTF-8");
}

// Counts the string keys of a table and refuses one that is neither list nor map nor both.
static size_t count_names(struct encoder *to, int index, size_t positions) {
    lua_State *L = to->L;
    size_t names = 0, numbers = 0;
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) {
            check_name(to);
            names++;
        } else if (lua_isinteger(L, -1)) {
            lua_Integer key = lua_tointeger(L, -1);
            if (key < 1 || (lua_Unsigned)key > positions)
                refuse(to, "has a list with holes, or that does not start at 1");
            numbers++;
        } else {
            refuse(to, "has a table with a key that is neither a string nor a position");
        }
        if (names + numbers > GEUSE_VALUE_LIMIT) refuse(to, "has too many values");
    }
    if (numbers != positions) refuse(to, "has a list with holes, or that does not start at 1");
    return names;
}

// Pushes the table's keys that are strings, sorted, as a list; the same table is the same bytes.
static void push_names(struct encoder *to, int index, size_t names) {
    lua_State *L = to->L;
    lua_createtable(L, 0, (int)names);
    int only = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING) continue;
        lua_pushvalue(L, -1);
        lua_pushboolean(L, 1);
        lua_rawset(L, only);
    }
    keys_push_sorted(L, only);
    lua_remove(L, only);
}

// Refuses the table at an index whose members are not all its own: read raw, the others would be left out
// without a word. What the prelude gives a metatable for its messages alone is marked in it.
static void check_plain(struct encoder *to, int index) {
    lua_State *L = to->L;
    if (!lua_getmetatable(L, index)) return;
    static const char *const foreign[] = {"__index", "__pairs", "__len"};
    lua_pushliteral(L, "__plain");
    bool plain = lua_rawget(L, -2) != LUA_TNIL;
    lua_pop(L, 1);
    for (int i = 0; !plain && i < 3; i++) {
        lua_pushstring(L, foreign[i]);
        if (lua_rawget(L, -2) != LUA_TNIL)
            refuse(to, "has a table with a metatable that adds members to it; copy what it is to have");
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void put_table(struct encoder *to, int index, int depth) {
    lua_State *L = to->L;
    if (depth >= GEUSE_DEPTH_LIMIT)
        refuse(to, "has tables nested more than 32 deep, or one that contains itself");
    luaL_checkstack(L, 8, NULL);
    check_plain(to, index);
    size_t positions = lua_rawlen(L, index);
    size_t names = count_names(to, index, positions);
    put_tag(to, names ? GEUSE_VALUE_MAP : GEUSE_VALUE_LIST);
    put_count(to, positions);
    for (size_t i = 1; i <= positions; i++) {
        lua_rawgeti(L, index, (lua_Integer)i);
        put_value(to, lua_gettop(L), depth + 1);
        lua_pop(L, 1);
    }
    if (names == 0) return;
    put_count(to, names);
    push_names(to, index, names);
    int list = lua_gettop(L);
    for (size_t i = 1; i <= names; i++) {
        size_t length;
        lua_rawgeti(L, list, (lua_Integer)i);
        const char *name = lua_tolstring(L, -1, &length);
        put_string(to, name, length);
        to->values++;
        lua_rawget(L, index);
        put_value(to, lua_gettop(L), depth + 1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void put_value(struct encoder *to, int index, int depth) {
    lua_State *L = to->L;
    if (++to->values > GEUSE_VALUE_LIMIT) refuse(to, "has too many values");
    size_t length;
    const char *bytes;
    uint64_t word;
    switch (lua_type(L, index)) {
    case LUA_TNIL: put_tag(to, GEUSE_VALUE_NIL); break;
    case LUA_TBOOLEAN:
        put_tag(to, lua_toboolean(L, index) ? GEUSE_VALUE_TRUE : GEUSE_VALUE_FALSE);
        break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) {
            put_word(to, GEUSE_VALUE_INTEGER, (uint64_t)lua_tointeger(L, index));
        } else {
            double number = lua_tonumber(L, index);
            memcpy(&word, &number, sizeof word);
            put_word(to, GEUSE_VALUE_DOUBLE, word);
        }
        break;
    case LUA_TSTRING:
        bytes = lua_tolstring(L, index, &length);
        put_string(to, bytes, length);
        break;
    case LUA_TTABLE: put_table(to, index, depth); break;
    case LUA_TFUNCTION: refuse(to, "holds a function, which can't be passed"); break;
    default: refuse(to, "holds a coroutine, which can't be passed");
    }
}

void encode_call(lua_State *L, const char *function, enum geuse_call_phase phase, int first,
                 int last) {
    decode_prepare(L);
    struct encoder to = {.L = L, .out = &worker_of(L)->out, .function = function};
    buffer_trim(L, to.out);
    unsigned char head[5] = {0, 0, 0, 0, GEUSE_FRAME_CALL};
    put(&to, head, sizeof head);
    put_tag(&to, GEUSE_VALUE_LIST);
    put_count(&to, 5);
    put_word(&to, GEUSE_VALUE_INTEGER, phase);
    put_string(&to, function, strlen(function));
    lua_Debug where;
    bool known = position_of(L, &where);
    put_string(&to, known ? where.short_src : "", known ? strlen(where.short_src) : 0);
    put_word(&to, GEUSE_VALUE_INTEGER, known ? (uint64_t)where.currentline : 0);
    put_tag(&to, GEUSE_VALUE_LIST);
    put_count(&to, last < first ? 0 : (size_t)(last - first + 1));
    for (int index = first; index <= last; index++) {
        to.argument = index - first + 1;
        put_value(&to, index, 0);
    }
    size_t length = to.out->length - 4;
    for (int i = 0; i < 4; i++) to.out->bytes[i] = (unsigned char)(length >> 8 * i);
    frame_send(to.out->bytes, to.out->length);
    buffer_trim(L, to.out);
}
