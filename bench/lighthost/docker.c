/* The light host's docker: hands its arguments to the engine's socket and gives back what that says.
   Arguments go as texts that end in NUL; the answer is three 32-bit numbers (exit status, lengths of
   standard output and standard error, in network order) and the two texts. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int put(int to, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t done = write(to, bytes, length);
        if (done <= 0) return -1;
        bytes += done;
        length -= (size_t)done;
    }
    return 0;
}

static int pass(int from, int to, size_t length) {
    char buffer[16384];
    while (length > 0) {
        ssize_t got = read(from, buffer, length < sizeof buffer ? length : sizeof buffer);
        if (got <= 0 || put(to, buffer, (size_t)got) != 0) return -1;
        length -= (size_t)got;
    }
    return 0;
}

int main(int count, char **arguments) {
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SOCKET};
    int engine = socket(AF_UNIX, SOCK_STREAM, 0);
    if (engine < 0 || connect(engine, (struct sockaddr *)&address, sizeof address) != 0) {
        fputs("Cannot connect to the Docker daemon. Is the docker daemon running?\n", stderr);
        return 1;
    }
    for (int i = 1; i < count; i++)
        if (put(engine, arguments[i], strlen(arguments[i]) + 1) != 0) return 125;
    shutdown(engine, SHUT_WR);

    uint32_t head[3];
    size_t have = 0;
    while (have < sizeof head) {
        ssize_t got = read(engine, (char *)head + have, sizeof head - have);
        if (got <= 0) return 125;
        have += (size_t)got;
    }
    if (pass(engine, 1, ntohl(head[1])) != 0 || pass(engine, 2, ntohl(head[2])) != 0) return 125;
    return (int)ntohl(head[0]);
}
