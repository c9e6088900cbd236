#ifndef GEUSE_CLUA_H
#define GEUSE_CLUA_H

// The worker: a process that holds one Lua 5.4 state and one socket, and nothing else.
//
// It is made by fork and never returns into the caller's code, so no Swift runs in it and no Lua
// error can jump over a Swift frame. What it can do is written down in lockdown.c and seccomp.c.

#include <stdint.h>
#include <sys/types.h>

enum {
    // The version of the frames, sent by the worker in its first one.
    GEUSE_PROTOCOL_VERSION = 1,
    // The most that one frame may carry after its length.
    GEUSE_FRAME_LIMIT = 8 * 1024 * 1024,
    // How deep tables may be nested in one frame.
    GEUSE_DEPTH_LIMIT = 32,
    // How many values one frame may hold, the keys of tables included.
    GEUSE_VALUE_LIMIT = 256 * 1024,
    // How long a table's key may be, in bytes.
    GEUSE_KEY_LIMIT = 256,
    // The file descriptor of the socket inside the worker; it has no other.
    GEUSE_WORKER_SOCKET = 0,
};

// What a frame is; the first byte of its payload. One value follows.
enum geuse_frame_kind {
    GEUSE_FRAME_START = 0x01,
    GEUSE_FRAME_RETURN = 0x02,
    GEUSE_FRAME_ERROR = 0x03,
    GEUSE_FRAME_SOURCE = 0x04,
    GEUSE_FRAME_READY = 0x11,
    GEUSE_FRAME_CALL = 0x12,
    GEUSE_FRAME_REQUIRE = 0x13,
    GEUSE_FRAME_DONE = 0x14,
    GEUSE_FRAME_FAILED = 0x15,
    GEUSE_FRAME_POSITION = 0x16,
};

// What a value is; one byte before it. Numbers are little-endian.
enum geuse_value_tag {
    GEUSE_VALUE_NIL = 0,
    GEUSE_VALUE_FALSE = 1,
    GEUSE_VALUE_TRUE = 2,
    GEUSE_VALUE_INTEGER = 3,  // 8 bytes
    GEUSE_VALUE_DOUBLE = 4,   // 8 bytes, IEEE 754
    GEUSE_VALUE_STRING = 5,   // 4 bytes of length, the bytes
    GEUSE_VALUE_LIST = 6,     // 4 bytes of count, the values
    GEUSE_VALUE_MAP = 7,      // count, values at 1...count; count, pairs of string and value
};

// What a CALL frame asks for.
enum geuse_call_phase {
    GEUSE_PHASE_CALL = 0,
    GEUSE_PHASE_BEGIN = 1,
    GEUSE_PHASE_END = 2,
};

// What the worker is told to do with a script.
enum geuse_start_mode {
    GEUSE_MODE_RUN = 0,
    GEUSE_MODE_COMPILE = 1,
};

typedef struct geuse_worker_limits {
    // What the script may allocate, in bytes; past it Lua raises "not enough memory".
    uint64_t memory_bytes;
    // RLIMIT_CPU, behind the deadline that the core keeps.
    uint32_t cpu_seconds;
    // For tests: the allocation that is refused, counted from 1, and how many from there on.
    uint64_t refuse_allocation;
    uint64_t refuse_count;
} geuse_worker_limits;

// Forks a worker and gives the core's end of its socket (close-on-exec, non-blocking).
// Returns its process id, or -1 with errno set. Safe while other threads run.
pid_t geuse_worker_start(const geuse_worker_limits *limits, int *socket);

// What a locked-down process tries in a self-test.
enum geuse_attempt {
    GEUSE_ATTEMPT_NOTHING = 0,
    GEUSE_ATTEMPT_OPEN,
    GEUSE_ATTEMPT_SOCKET,
    GEUSE_ATTEMPT_FORK,
    GEUSE_ATTEMPT_EXEC,
    GEUSE_ATTEMPT_KILL_PARENT,
    GEUSE_ATTEMPT_PTRACE,
    GEUSE_ATTEMPT_UNLINK,
    GEUSE_ATTEMPT_DUP,
    GEUSE_ATTEMPT_WRITE_ELSEWHERE,
    GEUSE_ATTEMPT_MAP_EXECUTABLE,
    GEUSE_ATTEMPT_MAKE_EXECUTABLE,
    GEUSE_ATTEMPT_MAP_TOO_MUCH,
    GEUSE_ATTEMPT_READ_ENVIRONMENT,
    GEUSE_ATTEMPT_OTHER_DESCRIPTORS,
    GEUSE_ATTEMPT_COUNT,
};

// How a self-test ends when it is not killed.
enum geuse_attempt_result {
    GEUSE_ATTEMPT_REFUSED = 10,
    GEUSE_ATTEMPT_SUCCEEDED = 11,
};

// Forks a process, locks it down as a worker, and lets it try something with a bare system call.
// With `filtered` zero the seccomp filter is left out, which shows the walls behind it.
// Returns the wait status of the process, or -1.
int geuse_worker_attempt(enum geuse_attempt attempt, int filtered);

#endif
