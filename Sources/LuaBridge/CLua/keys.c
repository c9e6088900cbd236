#include <string.h>

#include "worker.h"

// The keys of a table in an order that does not depend on hashes, which differ from run to run:
// numbers, then strings by their bytes, then booleans.

struct key {
    int type;
    bool integer;
    union {
        lua_Integer integer;
        lua_Number number;
        struct {
            const char *bytes;
            size_t length;
        } text;
        int boolean;
    } as;
};

static int rank(int type) {
    return type == LUA_TNUMBER ? 0 : type == LUA_TSTRING ? 1 : 2;
}

// long double holds every 64-bit integer and every double exactly on the platforms we build for.
static long double number_of(const struct key *key) {
    return key->integer ? (long double)key->as.integer : (long double)key->as.number;
}

static bool less(const struct key *a, const struct key *b) {
    if (a->type != b->type) return rank(a->type) < rank(b->type);
    if (a->type == LUA_TNUMBER) return number_of(a) < number_of(b);
    if (a->type == LUA_TBOOLEAN) return a->as.boolean < b->as.boolean;
    size_t x = a->as.text.length, y = b->as.text.length;
    int order = memcmp(a->as.text.bytes, b->as.text.bytes, x < y ? x : y);
    return order != 0 ? order < 0 : x < y;
}

static void sift(struct key *keys, size_t root, size_t count) {
    while (2 * root + 1 < count) {
        size_t child = 2 * root + 1;
        if (child + 1 < count && less(&keys[child], &keys[child + 1])) child++;
        if (!less(&keys[root], &keys[child])) return;
        struct key held = keys[root];
        keys[root] = keys[child];
        keys[child] = held;
        root = child;
    }
}

// Heapsort: in place, and without the C library's qsort, which asks the kernel for the memory size.
static void sort(struct key *keys, size_t count) {
    bool sorted = true;
    for (size_t i = 1; i < count && sorted; i++) sorted = !less(&keys[i], &keys[i - 1]);
    if (sorted) return;
    for (size_t i = count / 2; i-- > 0;) sift(keys, i, count);
    for (size_t end = count; end-- > 1;) {
        struct key held = keys[0];
        keys[0] = keys[end];
        keys[end] = held;
        sift(keys, 0, end);
    }
}

static void read_key(lua_State *L, struct key *key) {
    key->type = lua_type(L, -1);
    key->integer = false;
    switch (key->type) {
    case LUA_TNUMBER:
        key->integer = lua_isinteger(L, -1);
        if (key->integer)
            key->as.integer = lua_tointeger(L, -1);
        else
            key->as.number = lua_tonumber(L, -1);
        break;
    case LUA_TSTRING: key->as.text.bytes = lua_tolstring(L, -1, &key->as.text.length); break;
    case LUA_TBOOLEAN: key->as.boolean = lua_toboolean(L, -1); break;
    default:
        error_raise(L, "unordered_keys", "Use strings or numbers as keys, or a list.",
                    "a table with a %s as a key has no order to be visited in",
                    luaL_typename(L, -1));
    }
}

static void push_key(lua_State *L, const struct key *key) {
    if (key->type == LUA_TSTRING)
        lua_pushlstring(L, key->as.text.bytes, key->as.text.length);
    else if (key->type == LUA_TBOOLEAN)
        lua_pushboolean(L, key->as.boolean);
    else if (key->integer)
        lua_pushinteger(L, key->as.integer);
    else
        lua_pushnumber(L, key->as.number);
}

// Pushes a list of the keys of the table at that index.
void keys_push_sorted(lua_State *L, int table) {
    luaL_checkstack(L, 6, NULL);
    size_t count = 0;
    lua_pushnil(L);
    while (lua_next(L, table)) {
        count++;
        lua_pop(L, 1);
    }
    struct key few[16];
    bool small = count <= sizeof few / sizeof few[0];
    struct key *keys = small ? few : lua_newuserdatauv(L, count * sizeof(struct key), 0);
    if (small) lua_pushnil(L);
    size_t at = 0;
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        read_key(L, &keys[at++]);
    }
    sort(keys, count);
    // The table still holds the strings that `keys` points to.
    lua_createtable(L, count > GEUSE_FRAME_LIMIT ? 0 : (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        push_key(L, &keys[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_remove(L, -2);
}
