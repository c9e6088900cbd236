#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

// What is known about the error that is on its way out. It is gathered where the error was raised,
// while the stack is still there, and in memory that can't run out.
static struct {
    lua_Integer line;
    char file[LUA_IDSIZE];
    char traceback[8 * 1024];
} raised;

static struct compact frame;
// The coroutine that runs; nil until the script does.
static lua_State *volatile running;

// How much more a script may allocate while its error is being described.
#define RESERVE (256u * 1024)
static const char captured = 0;

static void capture(lua_State *L, int first) {
    lua_Debug where;
    raised.line = 0;
    raised.file[0] = 0;
    if (position_of(L, &where)) {
        raised.line = where.currentline;
        memcpy(raised.file, where.short_src, sizeof raised.file);
    }
    traceback_write(L, first, raised.traceback, sizeof raised.traceback);
}

// Keeps the place at which memory was refused: a memory error reaches no message handler. Only reads
// the chain of calls, which Lua keeps in order whenever it allocates.
void report_refusal(void) {
    if (running) capture(running, 0);
}

// An error that comes by a second time, because a bracket or a coroutine passed it on, keeps the
// place where it was raised.
void report_raised(lua_State *L, lua_State *where, int first) {
    int error = lua_gettop(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &captured);
    bool again = lua_toboolean(L, error) && lua_rawequal(L, error, -1);
    lua_settop(L, error);
    if (again) return;
    capture(where, first);
    lua_pushvalue(L, error);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &captured);
}

// Where the error that was raised last was raised; a line of 0 is unknown.
lua_Integer report_place(const char **file) {
    *file = raised.file;
    return raised.line;
}

// Message handler; it allocates nothing.
int report_handler(lua_State *L) {
    lua_settop(L, 1);
    // Level 0 is this handler.
    report_raised(L, L, 1);
    return 1;
}

static void put_field(lua_State *L, int table, const char *name) {
    size_t length = 0;
    const char *text = NULL;
    if (lua_istable(L, table)) {
        lua_pushstring(L, name);
        lua_rawget(L, table);
        if (lua_type(L, -1) == LUA_TSTRING) text = lua_tolstring(L, -1, &length);
    }
    compact_string(&frame, text, length, 8 * 1024);
}

// Whether a text is empty or ends as a position of Lua does: `:LINE: `.
static bool is_position(const char *text, size_t length) {
    if (length == 0) return true;
    if (length < 4 || text[length - 1] != ' ' || text[length - 2] != ':') return false;
    size_t digits = length - 2;
    while (digits > 0 && text[digits - 1] >= '0' && text[digits - 1] <= '9') digits--;
    return digits < length - 2 && digits > 0 && text[digits - 1] == ':';
}

// Lua has no code for it but the status; once it went through a pcall, or came from a buffer of the
// auxiliary library, only the text is left, perhaps behind a position (lstate.h, MEMERRMSG). A script may
// say the same of something else, which lua_error gives even the status, so memory must have been refused
// before.
bool is_memory_error(lua_State *L, int status, int value) {
    static const char message[] = "not enough memory";
    if (!worker_of(L)->memory.refused) return false;
    if (status == LUA_ERRMEM) return true;
    if (lua_type(L, value) != LUA_TSTRING) return false;
    size_t length;
    const char *text = lua_tolstring(L, value, &length);
    size_t tail = sizeof message - 1;
    return length >= tail && memcmp(text + length - tail, message, tail) == 0
        && is_position(text, length - tail);
}

// Fills the frame from the error at index 1: [category, text, code, message, detail, hint, step, id,
// file, line, traceback].
static int describe(lua_State *L) {
    int category = worker_of(L)->syntax ? 2 : 0;
    compact_begin(&frame, GEUSE_FRAME_FAILED);
    compact_list(&frame, 11);
    compact_integer(&frame, category);
    size_t length;
    plain_text(L, 1);
    const char *text = lua_tolstring(L, -1, &length);
    compact_string(&frame, text, length, 8 * 1024);
    static const char *const names[] = {"code", "message", "detail", "hint", "step"};
    for (int i = 0; i < 5; i++) put_field(L, 1, names[i]);
    compact_integer(&frame, error_id(L, 1));
    compact_text(&frame, raised.file);
    compact_integer(&frame, raised.line);
    compact_string(&frame, raised.traceback, strlen(raised.traceback), sizeof raised.traceback);
    return 0;
}

static void describe_shortly(int category, const char *text) {
    compact_begin(&frame, GEUSE_FRAME_FAILED);
    compact_list(&frame, 11);
    compact_integer(&frame, category);
    compact_text(&frame, text);
    for (int i = 0; i < 5; i++) compact_text(&frame, NULL);
    compact_integer(&frame, 0);
    compact_text(&frame, raised.file);
    compact_integer(&frame, raised.line);
    compact_string(&frame, raised.traceback, strlen(raised.traceback), sizeof raised.traceback);
}

_Noreturn static void send_and_end(void) {
    compact_send(&frame);
    _exit(EXIT_FINISHED);
}

_Noreturn void worker_out_of_memory(void) {
    describe_shortly(1, "not enough memory");
    send_and_end();
}

// Reports the error on top of the stack and ends.
_Noreturn void report_failure(lua_State *L, int status) {
    if (is_memory_error(L, status, -1)) worker_out_of_memory();
    worker_of(L)->memory.limit += RESERVE;
    lua_pushcfunction(L, describe);
    lua_insert(L, -2);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK)
        describe_shortly(0, "the script failed, and its error could not be turned into text");
    send_and_end();
}

// Tells where the script is, once, and then waits for the end that is to come.
static void tell_position(lua_State *L, lua_Debug *unused) {
    (void)unused;
    capture(L, 0);
    compact_begin(&frame, GEUSE_FRAME_POSITION);
    compact_list(&frame, 3);
    compact_text(&frame, raised.file);
    compact_integer(&frame, raised.line);
    compact_string(&frame, raised.traceback, strlen(raised.traceback), sizeof raised.traceback);
    compact_send(&frame);
    unsigned char byte;
    while (read(GEUSE_WORKER_SOCKET, &byte, 1) > 0) {}
    _exit(EXIT_SOCKET_GONE);
}

// lua_sethook may be called from a signal handler (lua.c does). The hook runs between two
// instructions of the script, so never in the middle of a frame.
static void on_signal(int number) {
    (void)number;
    if (running) lua_sethook(running, tell_position, LUA_MASKCOUNT, 1);
}

// At its deadline the core sends SIGUSR1 first, to learn the line, and SIGKILL soon after.
void report_on_signal(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
}

void report_prepare(lua_State *L) {
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &captured);
}

lua_State *report_running(lua_State *L) {
    lua_State *before = running;
    running = L;
    return before;
}
