#include <limits.h>

#include "worker.h"

// table.sort as a merge sort: stable, and the same for the same input. Lua's own quicksort leaves
// equal elements in an order that may depend on the clock (ltablib.c, l_randomizePivot).

// Whether the value at `a` comes before the one at `b`; the comparison is at index 2 or absent.
static bool before(lua_State *L, int a, int b) {
    if (lua_isnil(L, 2)) return lua_compare(L, a, b, LUA_OPLT);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, a);
    lua_pushvalue(L, b);
    lua_call(L, 2, 1);
    bool result = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return result;
}

// Merges from[low..<middle] and from[middle..<high] into the list at `into`.
static void merge(lua_State *L, int from, int into, lua_Integer low, lua_Integer middle,
                  lua_Integer high) {
    lua_Integer left = low, right = middle;
    for (lua_Integer at = low; at < high; at++) {
        bool take_right = left >= middle;
        if (!take_right && right < high) {
            lua_rawgeti(L, from, right);
            lua_rawgeti(L, from, left);
            int top = lua_gettop(L);
            take_right = before(L, top - 1, top);
            lua_pop(L, 2);
        }
        lua_rawgeti(L, from, take_right ? right++ : left++);
        lua_rawseti(L, into, at);
    }
}

int stable_sort(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    lua_Integer count = luaL_len(L, 1);
    if (count < 2) return 0;
    luaL_argcheck(L, count < INT_MAX, 1, "array too big");
    lua_createtable(L, (int)count, 0);
    lua_createtable(L, (int)count, 0);
    int from = 3, into = 4;
    for (lua_Integer i = 1; i <= count; i++) {
        lua_geti(L, 1, i);
        lua_rawseti(L, from, i);
    }
    for (lua_Integer width = 1; width < count; width *= 2) {
        for (lua_Integer low = 1; low <= count; low += 2 * width) {
            lua_Integer middle = low + width, high = low + 2 * width;
            if (middle > count + 1) middle = count + 1;
            if (high > count + 1) high = count + 1;
            merge(L, from, into, low, middle, high);
        }
        int held = from;
        from = into;
        into = held;
    }
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, from, i);
        lua_seti(L, 1, i);
    }
    return 0;
}
