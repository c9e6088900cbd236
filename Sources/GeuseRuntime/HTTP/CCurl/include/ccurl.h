/* libcurl, loaded only when a request is made. */
