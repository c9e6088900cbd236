#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker.h"

// Room on top of what the script may allocate: the worker's stack, and blocks that fit badly.
#define ADDRESS_SLACK (6ull << 20)
// Room for pages of the program and its libraries that come in while the script runs.
#define FILES_SHARE (3ull << 20)
// An arena of glibc that belongs to a thread other than the first is reserved in pieces of 64 MiB
// (malloc/arena.c, HEAP_MAX_SIZE).
#define ARENA_SLACK (80ull << 20)
// The user id of nobody, taken when the program runs as root.
#define NOBODY 65534

static size_t read_small_file(const char *path, char *into, size_t room) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t got = read(fd, into, room - 1);
    close(fd);
    if (got < 0) got = 0;
    into[got] = 0;
    return (size_t)got;
}

// The number in that field of /proc/self/stat, counted from 1 as in proc(5). The second field is a
// name in parentheses which may hold anything, so counting starts behind the last parenthesis.
static unsigned long stat_field(const char *text, int field) {
    const char *at = strrchr(text, ')');
    for (int now = 2; at && now < field; now++) at = strchr(at + 1, ' ');
    return at ? strtoul(at + 1, NULL, 10) : 0;
}

static const char *first_environment;
static size_t first_environment_size;

static void wipe(char *text) { explicit_bzero(text, strlen(text)); }

// The environment may hold credentials. Both the strings that `environ` names now and the area in
// which the kernel put the first ones (fields 50 and 51 of /proc/self/stat) are overwritten.
static void wipe_environment(void) {
    for (char **entry = environ; entry && *entry; entry++) wipe(*entry);
    char stat[2048];
    if (read_small_file("/proc/self/stat", stat, sizeof stat) > 0) {
        unsigned long start = stat_field(stat, 50), end = stat_field(stat, 51);
        if (start && end > start) {
            explicit_bzero((void *)start, end - start);
            first_environment = (const char *)start;
            first_environment_size = end - start;
        }
    }
    environ = NULL;
}

// For the self-test: whether any byte of the first environment is still there.
bool geuse_environment_remains(void) {
    if (environ != NULL || first_environment == NULL) return true;
    for (size_t i = 0; i < first_environment_size; i++)
        if (first_environment[i] != 0) return true;
    return false;
}

static void close_all_but(int keep) {
    if (keep != GEUSE_WORKER_SOCKET) {
        if (dup2(keep, GEUSE_WORKER_SOCKET) < 0) _exit(EXIT_NO_START);
    } else {
        fcntl(keep, F_SETFD, 0);
    }
#ifdef SYS_close_range
    if (syscall(SYS_close_range, GEUSE_WORKER_SOCKET + 1, ~0u, 0) == 0) return;
#endif
    // Before Linux 5.9.
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) _exit(EXIT_NO_START);
    for (rlim_t fd = GEUSE_WORKER_SOCKET + 1; fd < limit.rlim_cur; fd++) close((int)fd);
}

// Lets go of everything that came from the parent: signal handlers, terminal, environment, files.
void geuse_leave_parent(int socket) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    // Away from the terminal's process group: Ctrl-C is the core's to handle.
    setsid();
    prctl(PR_SET_NAME, "geuse-worker");
    wipe_environment();
    close_all_but(socket);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

// What this process has mapped, zeros if it can't be known. Called after the files are closed, which
// is why a descriptor can be had.
struct mapped geuse_mapped(void) {
    char text[256];
    struct mapped mapped = {0, 0};
    if (read_small_file("/proc/self/statm", text, sizeof text) == 0) return mapped;
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    mapped.address_space = strtoull(text, NULL, 10) * page;
    // size, resident, shared, text, lib, data (proc(5)).
    char *field = text;
    for (int i = 0; i < 5 && field; i++) field = strchr(field + 1, ' ');
    if (field) mapped.writable = strtoull(field, NULL, 10) * page;
    return mapped;
}

static void limit(int resource, rlim_t soft, rlim_t hard) {
    struct rlimit value = {.rlim_cur = soft, .rlim_max = hard}, now;
    if (getrlimit(resource, &now) == 0 && now.rlim_max < hard) {
        value.rlim_max = now.rlim_max;
        if (value.rlim_cur > now.rlim_max) value.rlim_cur = now.rlim_max;
    }
    setrlimit(resource, &value);
}

// Gives up root by bare system calls: the C library's wrappers would signal threads that the child
// of a fork does not have. Nothing is owned by nobody that a worker could reach.
static void drop_root(void) {
    if (syscall(SYS_geteuid) != 0) return;
    syscall(SYS_setgroups, 0, NULL);
    syscall(SYS_setresgid, NOBODY, NOBODY, NOBODY);
    syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY);
}

// Takes away what a script never needs. Each wall stands alone: a kernel without one has the rest.
// `parent` is 0 if it was not the first thread that forked.
void geuse_lock_down(const geuse_worker_limits *limits, struct mapped mapped, pid_t parent) {
    drop_root();
    // After the change of user, which would clear both of these (prctl(2)).
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (parent != 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        if (getppid() != parent) _exit(EXIT_NO_START);
    }
    if (mapped.address_space != 0) {
        rlim_t most = mapped.address_space + limits->memory_bytes + ADDRESS_SLACK;
        if (parent == 0) most += ARENA_SLACK;
        limit(RLIMIT_AS, most, most);
    }
    // Blocks that fit badly take more from the kernel than the script allocates; this bounds both,
    // the worker's stack included, whatever an arena has reserved (since Linux 4.7).
    if (mapped.writable != 0 && limits->memory_bytes > FILES_SHARE) {
        rlim_t most = mapped.writable + limits->memory_bytes - FILES_SHARE;
        limit(RLIMIT_DATA, most, most);
    }
    limit(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1);
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_FSIZE, 0, 0);
    limit(RLIMIT_NPROC, 0, 0);
    limit(RLIMIT_MEMLOCK, 0, 0);
    limit(RLIMIT_MSGQUEUE, 0, 0);
    limit(RLIMIT_NOFILE, 0, 0);
}
