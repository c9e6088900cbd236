#define _GNU_SOURCE
#include "ccurl.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo

/* The functions used; filled in once for the process and only read after that. */
static struct {
    __typeof__(&curl_global_init) global_init;
    __typeof__(&curl_easy_init) easy_init;
    __typeof__(&curl_easy_cleanup) easy_cleanup;
    __typeof__(&curl_easy_reset) easy_reset;
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    __typeof__(&curl_easy_strerror) easy_strerror;
    __typeof__(&curl_multi_init) multi_init;
    __typeof__(&curl_multi_cleanup) multi_cleanup;
    __typeof__(&curl_multi_add_handle) multi_add;
    __typeof__(&curl_multi_remove_handle) multi_remove;
    __typeof__(&curl_multi_perform) multi_perform;
    __typeof__(&curl_multi_poll) multi_poll;
    __typeof__(&curl_multi_info_read) multi_info_read;
    __typeof__(&curl_slist_append) slist_append;
    __typeof__(&curl_slist_free_all) slist_free_all;
} lib;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char load_error[256];

static void *find(void *library, const char *name) {
    void *symbol = dlsym(library, name);
    if (symbol == NULL && load_error[0] == '\0')
        snprintf(load_error, sizeof load_error, "libcurl has no %s", name);
    return symbol;
}

static void load(void) {
    /* Both names carry ABI 4; Debian builds the second against GnuTLS. */
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        snprintf(load_error, sizeof load_error, "%s", dlerror());
        library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) return;
        load_error[0] = '\0';
    }
#define FIND(field, name) lib.field = (__typeof__(lib.field))find(library, name)
    FIND(global_init, "curl_global_init");
    FIND(easy_init, "curl_easy_init");
    FIND(easy_cleanup, "curl_easy_cleanup");
    FIND(easy_reset, "curl_easy_reset");
    FIND(easy_setopt, "curl_easy_setopt");
    FIND(easy_getinfo, "curl_easy_getinfo");
    FIND(easy_strerror, "curl_easy_strerror");
    FIND(multi_init, "curl_multi_init");
    FIND(multi_cleanup, "curl_multi_cleanup");
    FIND(multi_add, "curl_multi_add_handle");
    FIND(multi_remove, "curl_multi_remove_handle");
    FIND(multi_perform, "curl_multi_perform");
    FIND(multi_poll, "curl_multi_poll");
    FIND(multi_info_read, "curl_multi_info_read");
    FIND(slist_append, "curl_slist_append");
    FIND(slist_free_all, "curl_slist_free_all");
#undef FIND
    if (load_error[0] == '\0' && lib.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        snprintf(load_error, sizeof load_error, "curl_global_init failed");
}

typedef struct {
    uint8_t *bytes;
    size_t length, capacity;
} buffer;

/* Room for one more NUL is always kept. */
static int buffer_append(buffer *b, const void *bytes, size_t length) {
    if (b->length + length + 1 > b->capacity) {
        size_t capacity = (b->length + length + 1) * 2;
        uint8_t *grown = realloc(b->bytes, capacity);
        if (grown == NULL) return 0;
        b->bytes = grown;
        b->capacity = capacity;
    }
    memcpy(b->bytes + b->length, bytes, length);
    b->length += length;
    b->bytes[b->length] = 0;
    return 1;
}

struct geuse_curl {
    CURL *easy;
    CURLM *multi;
    struct curl_slist *headers;
    buffer body, head;
    const uint8_t *upload;
    size_t upload_left, maximum;
    CURLcode code;
    int added, sent, too_large;
    char message[CURL_ERROR_SIZE];
};

/* Headers of more than this are no AWS reply. */
static const size_t maximum_head = 256 * 1024;

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
    geuse_curl *session = context;
    size_t length = size * count;
    if (session->body.length + length > session->maximum) {
        session->too_large = 1;
        return 0;
    }
    return buffer_append(&session->body, bytes, length) ? length : 0;
}

static size_t on_head(char *bytes, size_t size, size_t count, void *context) {
    geuse_curl *session = context;
    size_t length = size * count;
    /* A status line begins a new response (after 100 Continue, or a proxy's answer to CONNECT). */
    if (length >= 5 && memcmp(bytes, "HTTP/", 5) == 0) session->head.length = 0;
    if (session->head.length + length > maximum_head) {
        session->too_large = 1;
        return 0;
    }
    return buffer_append(&session->head, bytes, length) ? length : 0;
}

static size_t on_upload(char *bytes, size_t size, size_t count, void *context) {
    geuse_curl *session = context;
    size_t length = size * count;
    if (length > session->upload_left) length = session->upload_left;
    memcpy(bytes, session->upload, length);
    session->upload += length;
    session->upload_left -= length;
    return length;
}

/*
 * libcurl sends a request again by itself when a reused connection closes before it answers. For a
 * request that must not run twice, refusing to rewind turns that into CURLE_SEND_FAIL_REWIND.
 */
static int on_rewind(void *context, curl_off_t offset, int origin) {
    (void)context;
    (void)offset;
    (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

static int on_replay(void *context, curl_off_t offset, int origin) {
    geuse_curl *session = context;
    if (origin != SEEK_SET || offset != 0) return CURL_SEEKFUNC_FAIL;
    const geuse_curl_request *request;
    session->upload_left = 0;
    CURLcode code = lib.easy_getinfo(session->easy, CURLINFO_PRIVATE, (char **)&request);
    if (code != CURLE_OK) return CURL_SEEKFUNC_FAIL;
    session->upload = request->body;
    session->upload_left = request->body_length;
    return CURL_SEEKFUNC_OK;
}

/* Headers are reported here once they were written to the socket. */
static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t length, void *context) {
    (void)easy;
    geuse_curl *session = context;
    if (type == CURLINFO_HEADER_OUT && !(length >= 8 && memcmp(bytes, "CONNECT ", 8) == 0))
        session->sent = 1;
    return 0;
}

/*
 * Before libcurl 7.87 OpenSSL writes to sockets with write(2), which raises SIGPIPE when the peer is
 * gone, and under CURLOPT_NOSIGNAL libcurl leaves that to its caller. The signal goes to the thread
 * that writes, so blocking it here and taking a new one off touches neither other threads nor the
 * process.
 */
typedef struct {
    sigset_t pipe, before;
    int was_pending;
} quiet;

static quiet quiet_begin(void) {
    quiet q;
    sigset_t pending;
    sigemptyset(&q.pipe);
    sigaddset(&q.pipe, SIGPIPE);
    sigpending(&pending);
    q.was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &q.pipe, &q.before);
    return q;
}

static void quiet_end(const quiet *q) {
    const struct timespec none = {0};
    if (!q->was_pending)
        while (sigtimedwait(&q->pipe, NULL, &none) < 0 && errno == EINTR) {}
    pthread_sigmask(SIG_SETMASK, &q->before, NULL);
}

static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)context;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

geuse_curl *geuse_curl_open(char *error, size_t error_length) {
    pthread_once(&once, load);
    if (load_error[0] != '\0') {
        snprintf(error, error_length, "%s", load_error);
        return NULL;
    }
    geuse_curl *session = calloc(1, sizeof *session);
    if (session != NULL) {
        session->easy = lib.easy_init();
        session->multi = lib.multi_init();
        if (session->easy != NULL && session->multi != NULL) return session;
        geuse_curl_close(session);
    }
    snprintf(error, error_length, "out of memory");
    return NULL;
}

void geuse_curl_close(geuse_curl *session) {
    quiet q = quiet_begin();
    if (session->added) lib.multi_remove(session->multi, session->easy);
    if (session->easy != NULL) lib.easy_cleanup(session->easy);
    if (session->multi != NULL) lib.multi_cleanup(session->multi);
    quiet_end(&q);
    lib.slist_free_all(session->headers);
    free(session->body.bytes);
    free(session->head.bytes);
    free(session);
}

static CURLcode set_up(geuse_curl *s, const geuse_curl_request *r) {
    CURLcode code = CURLE_OK;
#define SET(option, value) \
    if (code == CURLE_OK) code = lib.easy_setopt(s->easy, option, value)
    SET(CURLOPT_URL, r->url);
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_CUSTOMREQUEST, r->method);
    SET(CURLOPT_HTTPHEADER, s->headers);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    if (code == CURLE_UNKNOWN_OPTION) {
        /* Before 7.85. */
        CURL_IGNORE_DEPRECATION(
            code = lib.easy_setopt(s->easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
        )
    }
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (r->ca_bundle != NULL) {
        /* Only the bundle counts then, not the system's directory of certificates too. */
        SET(CURLOPT_CAINFO, r->ca_bundle);
        SET(CURLOPT_CAPATH, NULL);
    }
    SET(CURLOPT_PROXY, r->proxy);
    SET(CURLOPT_NOPROXY, r->no_proxy);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, r->connect_timeout_ms);
    SET(CURLOPT_TIMEOUT_MS, r->total_timeout_ms);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
    SET(CURLOPT_ERRORBUFFER, s->message);
    SET(CURLOPT_PRIVATE, (void *)r);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, s);
    SET(CURLOPT_HEADERFUNCTION, on_head);
    SET(CURLOPT_HEADERDATA, s);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_VERBOSE, 1L);
    SET(CURLOPT_DEBUGFUNCTION, on_debug);
    SET(CURLOPT_DEBUGDATA, s);
    if (r->body_length > 0 || strcmp(r->method, "POST") == 0) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_length);
        SET(CURLOPT_READFUNCTION, on_upload);
        SET(CURLOPT_READDATA, s);
        SET(CURLOPT_SEEKFUNCTION, r->replayable ? on_replay : on_rewind);
        SET(CURLOPT_SEEKDATA, s);
        /* A connection idle for longer is more likely to be dead, which such a request can't survive. */
        if (!r->replayable) SET(CURLOPT_MAXAGE_CONN, 15L);
    }
#undef SET
    return code;
}

CURLcode geuse_curl_begin(geuse_curl *session, const geuse_curl_request *request) {
    lib.easy_reset(session->easy);
    lib.slist_free_all(session->headers);
    session->headers = NULL;
    for (const char *const *line = request->headers; *line != NULL; line++) {
        struct curl_slist *longer = lib.slist_append(session->headers, *line);
        if (longer == NULL) return CURLE_OUT_OF_MEMORY;
        session->headers = longer;
    }
    session->body.length = session->head.length = 0;
    session->upload = request->body;
    session->upload_left = request->body_length;
    session->maximum = request->maximum_response;
    session->sent = session->too_large = 0;
    session->message[0] = '\0';
    session->code = CURLE_OK;
    CURLcode code = set_up(session, request);
    if (code != CURLE_OK) return code;
    if (lib.multi_add(session->multi, session->easy) != CURLM_OK) return CURLE_FAILED_INIT;
    session->added = 1;
    return CURLE_OK;
}

int geuse_curl_step(geuse_curl *session, int milliseconds) {
    int running = 0, left = 0;
    quiet q = quiet_begin();
    CURLMcode moved = lib.multi_perform(session->multi, &running);
    quiet_end(&q);
    if (moved != CURLM_OK) {
        session->code = CURLE_FAILED_INIT;
        return 0;
    }
    for (CURLMsg *message; (message = lib.multi_info_read(session->multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE) continue;
        session->code = message->data.result;
        return 0;
    }
    if (running == 0) return 0;
    lib.multi_poll(session->multi, NULL, 0, milliseconds, NULL);
    return 1;
}

geuse_curl_result geuse_curl_finish(geuse_curl *session) {
    geuse_curl_result result = {
        .code = session->code,
        .body = session->body.bytes,
        .body_length = session->body.length,
        .headers = (const char *)session->head.bytes,
        .headers_length = session->head.length,
        .sent = session->sent,
        .too_large = session->too_large,
        .message = session->message,
    };
    lib.easy_getinfo(session->easy, CURLINFO_RESPONSE_CODE, &result.status);
    /* Taking an unfinished transfer out closes its connection. */
    quiet q = quiet_begin();
    if (session->added) lib.multi_remove(session->multi, session->easy);
    quiet_end(&q);
    session->added = 0;
    return result;
}

const char *geuse_curl_words(geuse_curl *session, CURLcode code) {
    return session->message[0] != '\0' ? session->message : lib.easy_strerror(code);
}
