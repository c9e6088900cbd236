#ifndef GEUSE_WORKER_H
#define GEUSE_WORKER_H

// What the files of the worker share. All of it runs in the child.

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdbool.h>
#include <stddef.h>

#include "clua.h"

// How the worker ends when it can't go on; the core sees it as `worker_protocol` or a crash.
enum exit_code {
    EXIT_FINISHED = 0,
    EXIT_NO_START = 70,
    EXIT_BAD_FRAME = 71,
    EXIT_SOCKET_GONE = 72,
    EXIT_PANIC = 73,
};

// Bytes that grow, counted against the script's memory.
struct buffer {
    unsigned char *bytes;
    size_t length;
    size_t capacity;
};

// The accounts of the allocator.
struct memory {
    uint64_t limit;
    uint64_t used;
    uint64_t arena;       // what of it is in small blocks
    uint64_t arena_high;  // the most that this ever was
    bool refused;         // whether any was, collected garbage or not
    uint64_t requests;
    uint64_t refuse_from;
    uint64_t refuse_count;
};

struct worker {
    struct memory memory;
    struct buffer out;
    struct buffer in;
    bool filtered;
    // Whether what failed is the script's syntax.
    bool syntax;
};

// start.c, lockdown.c, seccomp.c
void geuse_leave_parent(int socket);
struct mapped {
    uint64_t address_space;
    // Private and writable, the heap and stacks.
    uint64_t writable;
};
struct mapped geuse_mapped(void);
bool geuse_environment_remains(void);
void geuse_lock_down(const geuse_worker_limits *limits, struct mapped mapped, pid_t parent);
bool geuse_filter_system_calls(void);
void geuse_on_fresh_stack(void (*body)(void *), void *argument);

// attempt.c
void geuse_attempt_prepare(void);
_Noreturn void geuse_attempt_body(enum geuse_attempt attempt);

// worker.c
_Noreturn void geuse_worker_body(struct worker *worker);
static inline struct worker *worker_of(lua_State *L) {
    return *(struct worker **)lua_getextraspace(L);
}

// memory.c
void geuse_prepare_memory(void);
void *geuse_allocate(void *accounts, void *block, size_t old_size, size_t new_size);

// frame.c
bool buffer_reserve(lua_State *L, struct buffer *buffer, size_t more);
void buffer_trim(lua_State *L, struct buffer *buffer);
void frame_send(const unsigned char *bytes, size_t length);
void frame_receive(lua_State *L);
_Noreturn void worker_out_of_memory(void);

// encode.c: sends a CALL frame with the arguments at first...last of the stack. Raises an ordinary
// Lua error, before anything is sent, for what can't cross.
void encode_call(lua_State *L, const char *function, enum geuse_call_phase phase, int first,
                 int last);

// show.c: the text of any value, raw.
int value_show(lua_State *L);

// text.c: whether bytes are valid UTF-8.
bool is_utf8(const char *bytes, size_t length);

// compact.c: small frames that need no memory; texts are cut to fit.
struct compact {
    unsigned char bytes[64 * 1024];
    size_t length;
};
void compact_begin(struct compact *frame, unsigned char kind);
void compact_list(struct compact *frame, uint32_t count);
void compact_integer(struct compact *frame, lua_Integer value);
void compact_boolean(struct compact *frame, bool value);
void compact_string(struct compact *frame, const char *bytes, size_t length, size_t most);
void compact_text(struct compact *frame, const char *text);
void compact_send(struct compact *frame);

// decode.c: pushes the value of the frame that was received last; of an ERROR frame, the error.
// Ends the worker if the frame is malformed or there is no memory for it.
void decode_push(lua_State *L);
// Raises an ordinary error if the reply to a call could not be read because calls are nested too
// deeply; to be called before the call is sent.
void decode_prepare(lua_State *L);

// errors.c: errors are tables {code, message, detail, hint, step} that print as a sentence.
int error_raise(lua_State *L, const char *code, const char *hint, const char *message, ...);
void error_adopt(lua_State *L);
lua_Integer error_id(lua_State *L, int index);
int error_new(lua_State *L);
int plain_tostring(lua_State *L);
void plain_text(lua_State *L, int index);

// call.c
int call_new(lua_State *L);
int bracket_new(lua_State *L);
int source_fetch(lua_State *L);

// position.c
bool position_of(lua_State *L, lua_Debug *where);
void traceback_write(lua_State *L, int first, char *into, size_t room);

// report.c
int report_handler(lua_State *L);
// Whether a call that ended with that status, and the value at the index, ran out of memory.
bool is_memory_error(lua_State *L, int status, int value);
_Noreturn void report_failure(lua_State *L, int status);
void report_on_signal(void);
void report_refusal(void);
void report_prepare(lua_State *L);
lua_Integer report_place(const char **file);
// Says which coroutine runs from now on; gives the one before.
lua_State *report_running(lua_State *L);
// Keeps the place of the error on top of L, which was raised on the stack of `where`, unless it is
// known already. Allocates nothing.
void report_raised(lua_State *L, lua_State *where, int first);

// coroutine.c
int coroutine_resume(lua_State *L);
int coroutine_wrap(lua_State *L);

// library.c, keys.c, order.c, sort.c, format.c
int library_open(lua_State *L);
void keys_push_sorted(lua_State *L, int table);
int ordered_pairs(lua_State *L);
int ordered_next(lua_State *L);
int stable_sort(lua_State *L);
int plain_format(lua_State *L);

#endif
