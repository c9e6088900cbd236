#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

// Buffers larger than this are given back after use.
#define BUFFER_KEPT (64u * 1024)

bool buffer_reserve(lua_State *L, struct buffer *buffer, size_t more) {
    struct worker *worker = worker_of(L);
    if (more <= buffer->capacity - buffer->length) return true;
    size_t wanted = buffer->length + more;
    size_t capacity = buffer->capacity ? buffer->capacity : 1024;
    while (capacity < wanted) capacity *= 2;
    void *bytes = geuse_allocate(&worker->memory, buffer->bytes, buffer->capacity, capacity);
    if (!bytes) {
        // As Lua does for its own blocks. No finalizer can run: the prelude lets none be set.
        lua_gc(L, LUA_GCCOLLECT);
        bytes = geuse_allocate(&worker->memory, buffer->bytes, buffer->capacity, capacity);
    }
    if (!bytes) return false;
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void buffer_trim(lua_State *L, struct buffer *buffer) {
    buffer->length = 0;
    if (buffer->capacity <= BUFFER_KEPT) return;
    geuse_allocate(&worker_of(L)->memory, buffer->bytes, buffer->capacity, 0);
    buffer->bytes = NULL;
    buffer->capacity = 0;
}

void frame_send(const unsigned char *bytes, size_t length) {
    while (length > 0) {
        ssize_t done = write(GEUSE_WORKER_SOCKET, bytes, length);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) _exit(EXIT_SOCKET_GONE);
        bytes += done;
        length -= (size_t)done;
    }
}

static size_t receive_some(unsigned char *into, size_t room) {
    for (;;) {
        ssize_t got = read(GEUSE_WORKER_SOCKET, into, room);
        if (got > 0) return (size_t)got;
        if (got == 0 || errno != EINTR) _exit(EXIT_SOCKET_GONE);
    }
}

// Reads one frame into the worker's buffer. The reply to a call that has been carried out must not
// be lost to a memory error that the script could catch and answer with a second call: it ends the
// script.
void frame_receive(lua_State *L) {
    // A short frame arrives with its length in one read; the core sends no second one ahead.
    static unsigned char first[4096];
    size_t got = 0;
    while (got < 4) got += receive_some(first + got, sizeof first - got);
    uint32_t length = (uint32_t)first[0] | (uint32_t)first[1] << 8 | (uint32_t)first[2] << 16 |
                      (uint32_t)first[3] << 24;
    got -= 4;
    if (length == 0 || length > GEUSE_FRAME_LIMIT || got > length) _exit(EXIT_BAD_FRAME);
    struct buffer *in = &worker_of(L)->in;
    in->length = 0;
    if (!buffer_reserve(L, in, length)) worker_out_of_memory();
    memcpy(in->bytes, first + 4, got);
    while (got < length) got += receive_some(in->bytes + got, length - got);
    in->length = length;
}
