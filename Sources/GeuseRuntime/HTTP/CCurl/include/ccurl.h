/*
 * libcurl, loaded with dlopen when the first request is made: linking it costs every start of the
 * program about 6 ms, needed or not. curl_easy_setopt is variadic, which Swift cannot call, so one
 * transfer is set up here from a plain struct and stepped by the caller.
 */
#ifndef GEUSE_CCURL_H
#define GEUSE_CCURL_H
#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

/* One session: an easy handle and the multi handle whose connection cache it uses. */
typedef struct geuse_curl geuse_curl;

typedef struct {
    const char *method;
    const char *url;
    /* Names and values as "Name: value" lines, NULL at the end. */
    const char *const *headers;
    const uint8_t *body;
    size_t body_length;
    long connect_timeout_ms;
    long total_timeout_ms;
    /* Path of a file of CA certificates, or NULL for libcurl's own. */
    const char *ca_bundle;
    /* Never NULL: an empty text means no proxy, so that libcurl reads no environment variable. */
    const char *proxy;
    const char *no_proxy;
    size_t maximum_response;
    /* Whether libcurl may send the body again when a reused connection turns out to be dead. */
    int replayable;
} geuse_curl_request;

typedef struct {
    CURLcode code;
    long status;
    const uint8_t *body;
    size_t body_length;
    /* The header lines of the last response, status lines included. */
    const char *headers;
    size_t headers_length;
    /* Whether any byte of the request itself was handed to the network. */
    int sent;
    int too_large;
    /* libcurl's own words, empty if it had none. */
    const char *message;
} geuse_curl_result;

/* A new session; NULL with a reason in `error` when libcurl can't be loaded. */
geuse_curl *geuse_curl_open(char *error, size_t error_length);
void geuse_curl_close(geuse_curl *session);

/* Sets a transfer up; the request's memory must stay until `finish`. CURLE_OK or why not. */
CURLcode geuse_curl_begin(geuse_curl *session, const geuse_curl_request *request);
/* Moves the transfer on, waiting at most so long: 1 while it runs, 0 when it has ended. */
int geuse_curl_step(geuse_curl *session, int milliseconds);
/* Ends the transfer, finished or not; the result is valid until the next `begin`. */
geuse_curl_result geuse_curl_finish(geuse_curl *session);
/* libcurl's words for a code. */
const char *geuse_curl_words(geuse_curl *session, CURLcode code);

#endif
