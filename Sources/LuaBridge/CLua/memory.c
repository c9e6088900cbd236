#include <limits.h>
#include <malloc.h>
#include <stdlib.h>

#include "worker.h"

// What a block costs in glibc: a word of header, rounded up to 16 bytes, at least 32; a large one is
// a mapping of its own and costs whole pages. The cap is on this, so that it bounds the process.
#define MAPPING_THRESHOLD (128u * 1024)

static uint64_t cost(size_t size) {
    if (size == 0) return 0;
    if (size >= MAPPING_THRESHOLD) return ((uint64_t)size + 16 + 4095) & ~4095ull;
    uint64_t rounded = ((uint64_t)size + 8 + 15) & ~15ull;
    return rounded < 32 ? 32 : rounded;
}

// The part of a block's cost that is in the arena, which is not given back when it is freed.
static uint64_t in_arena(size_t size) { return size < MAPPING_THRESHOLD ? cost(size) : 0; }

// Whether the process stays within the cap: what is mapped now, and the most that the arena ever held.
static bool fits(const struct memory *memory, uint64_t used, uint64_t arena) {
    uint64_t high = arena > memory->arena_high ? arena : memory->arena_high;
    return used - arena <= memory->limit && high <= memory->limit - (used - arena);
}

static bool refused_by_test(struct memory *memory) {
    memory->requests++;
    if (memory->refuse_from == 0 || memory->requests < memory->refuse_from) return false;
    return memory->requests - memory->refuse_from < memory->refuse_count;
}

// Makes glibc's malloc ask the kernel for memory only: giving memory back from the arena of a thread
// reads a setting in /proc first (arena.c, shrink_heap), and a further arena counts processors.
// Large blocks stay mappings, which grow without a second copy.
void geuse_prepare_memory(void) {
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_MMAP_THRESHOLD, MAPPING_THRESHOLD);
    mallopt(M_ARENA_MAX, 1);
}

// The allocator of the Lua state (lua_Alloc). Lua collects garbage and asks again before it raises
// an error; a block that does not grow is never refused, as Lua relies on.
void *geuse_allocate(void *accounts, void *block, size_t old_size, size_t new_size) {
    struct memory *memory = accounts;
    uint64_t before = block ? cost(old_size) : 0;
    uint64_t after = cost(new_size);
    uint64_t used = memory->used - before + after;
    uint64_t arena = memory->arena - (block ? in_arena(old_size) : 0) + in_arena(new_size);
    if (new_size == 0) {
        free(block);
        memory->used = used;
        memory->arena = arena;
        return NULL;
    }
    if (!block || new_size > old_size) {
        if (!fits(memory, used, arena) || refused_by_test(memory)) {
            memory->refused = true;
            report_refusal();
            return NULL;
        }
    }
    void *result = realloc(block, new_size);
    if (!result) {
        memory->refused = true;
        report_refusal();
        return NULL;
    }
    memory->used = used;
    memory->arena = arena;
    if (arena > memory->arena_high) memory->arena_high = arena;
    return result;
}
