#include <string.h>
#include <unistd.h>

#include "worker.h"

// Frames in a buffer of fixed size: reports of failure and the ends of brackets, which must get
// out when there is no memory left. Callers keep well under the size by cutting their texts.

static void put(struct compact *frame, const void *bytes, size_t length) {
    if (length > sizeof frame->bytes - frame->length) _exit(EXIT_PANIC);
    memcpy(frame->bytes + frame->length, bytes, length);
    frame->length += length;
}

static void put_tag(struct compact *frame, unsigned char tag) { put(frame, &tag, 1); }

static void put_count(struct compact *frame, uint32_t value) {
    unsigned char bytes[4] = {value & 0xff, value >> 8 & 0xff, value >> 16 & 0xff, value >> 24};
    put(frame, bytes, sizeof bytes);
}

void compact_begin(struct compact *frame, unsigned char kind) {
    frame->length = 4;
    put_tag(frame, kind);
}

void compact_list(struct compact *frame, uint32_t count) {
    put_tag(frame, GEUSE_VALUE_LIST);
    put_count(frame, count);
}

void compact_integer(struct compact *frame, lua_Integer value) {
    put_tag(frame, GEUSE_VALUE_INTEGER);
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)((uint64_t)value >> 8 * i);
    put(frame, bytes, sizeof bytes);
}

void compact_boolean(struct compact *frame, bool value) {
    put_tag(frame, value ? GEUSE_VALUE_TRUE : GEUSE_VALUE_FALSE);
}

void compact_string(struct compact *frame, const char *bytes, size_t length, size_t most) {
    if (!bytes) {
        put_tag(frame, GEUSE_VALUE_NIL);
        return;
    }
    if (length > most) length = most;
    put_tag(frame, GEUSE_VALUE_STRING);
    put_count(frame, (uint32_t)length);
    put(frame, bytes, length);
}

void compact_text(struct compact *frame, const char *text) {
    compact_string(frame, text, text ? strlen(text) : 0, 4096);
}

void compact_send(struct compact *frame) {
    uint32_t length = (uint32_t)(frame->length - 4);
    for (int i = 0; i < 4; i++) frame->bytes[i] = (unsigned char)(length >> 8 * i);
    frame_send(frame->bytes, frame->length);
}
