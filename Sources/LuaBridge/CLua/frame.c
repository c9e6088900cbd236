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

static void receive_exactly(unsigned char *into, size_t length) {
    while (length > 0) {
        ssize_t got = read(GEUSE_WORKER_SOCKET, into, length);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) _exit(EXIT_SOCKET_GONE);
        into += got;
        length -= (size_t)got;
    }
}

// Reads one frame into the worker's buffer. The reply to a call that has been carried out must not be lost
// to a memory error that the script could catch and answer with a second call: it ends the script.
void frame_receive(lua_State *L) {
    struct worker *worker = worker_of(L);
    unsigned char head[4];
    receive_exactly(head, sizeof head);
    uint32_t length = (uint32_t)head[0] | (uint32_t)head[1] << 8 | (uint32_t)head[2] << 16 |
                      (uint32_t)head[3] << 24;
    if (length == 0 || length > GEUSE_FRAME_LIMIT) _exit(EXIT_BAD_FRAME);
    worker->in.length = 0;
    if (!buffer_reserve(L, &worker->in, length)) worker_out_of_memory();
    receive_exactly(worker->in.bytes, length);
    worker->in.length = length;
}
