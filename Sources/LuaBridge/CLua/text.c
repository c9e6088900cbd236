#include "worker.h"

// The length of the UTF-8 sequence at the beginning of some bytes; 0 if there is none. The ranges are
// those of table 3-7 of the Unicode Standard: nothing overlong, no surrogates, nothing past U+10FFFF.
static size_t sequence(const unsigned char *at, size_t rest) {
    unsigned char lead = at[0];
    if (lead < 0x80) return 1;
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || rest < length) return 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high) return 0;
    for (size_t i = 2; i < length; i++)
        if (at[i] < 0x80 || at[i] > 0xBF) return 0;
    return length;
}

bool is_utf8(const char *bytes, size_t length) {
    const unsigned char *at = (const unsigned char *)bytes;
    while (length > 0) {
        size_t taken = sequence(at, length);
        if (taken == 0) return false;
        at += taken;
        length -= taken;
    }
    return true;
}
