#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "worker.h"

// The worker's C stack. Lua 5.4 allows 200 nested C calls of at most about 3 KiB each.
#define STACK_BYTES (2u * 1024 * 1024)
#define GUARD_BYTES (64u * 1024)
// What the worker itself may need of the memory that a script is promised.
#define OWN_SHARE (5ull << 20)

static void fresh_stack_entry(unsigned f1, unsigned f0, unsigned a1, unsigned a0) {
    void (*body)(void *) = (void (*)(void *))((uintptr_t)f1 << 32 | f0);
    body((void *)((uintptr_t)a1 << 32 | a0));
    _exit(EXIT_NO_START);
}

// Runs a function on a stack of its own, whatever thread forked, and never comes back. Its size is
// then the same everywhere, and running off it is a fault instead of a write into a neighbour.
void geuse_on_fresh_stack(void (*body)(void *), void *argument) {
    char *base = mmap(NULL, GUARD_BYTES + STACK_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                      0);
    if (base == MAP_FAILED) _exit(EXIT_NO_START);
    if (mprotect(base + GUARD_BYTES, STACK_BYTES, PROT_READ | PROT_WRITE) != 0)
        _exit(EXIT_NO_START);
    static ucontext_t context;
    if (getcontext(&context) != 0) _exit(EXIT_NO_START);
    context.uc_stack.ss_sp = base + GUARD_BYTES;
    context.uc_stack.ss_size = STACK_BYTES;
    context.uc_link = NULL;
    // makecontext takes ints; a pointer travels as two halves.
    uintptr_t a = (uintptr_t)argument, f = (uintptr_t)body;
    makecontext(&context, (void (*)(void))fresh_stack_entry, 4, (unsigned)(f >> 32),
                (unsigned)f, (unsigned)(a >> 32), (unsigned)a);
    setcontext(&context);
    _exit(EXIT_NO_START);
}

struct beginning {
    geuse_worker_limits limits;
    pid_t parent;
    struct mapped mapped;
    enum geuse_attempt attempt;
    bool filtered;
};

static void worker_entry(void *argument) {
    struct beginning *begin = argument;
    static struct worker worker;
    geuse_lock_down(&begin->limits, begin->mapped, begin->parent);
    report_on_signal();
    worker.filtered = geuse_filter_system_calls();
    // The stack, the frames and what the heap wastes have their share of the memory too.
    uint64_t memory = begin->limits.memory_bytes;
    worker.memory.limit = memory > 2 * OWN_SHARE ? memory - OWN_SHARE : memory / 2;
    worker.memory.refuse_from = begin->limits.refuse_allocation;
    worker.memory.refuse_count = begin->limits.refuse_count;
    geuse_worker_body(&worker);
}

static void attempt_entry(void *argument) {
    struct beginning *begin = argument;
    geuse_attempt_prepare();
    geuse_lock_down(&begin->limits, begin->mapped, begin->parent);
    if (begin->filtered) geuse_filter_system_calls();
    geuse_attempt_body(begin->attempt);
}

static pid_t fork_locked(struct beginning *begin, int socket, void (*entry)(void *)) {
    // With every signal blocked, no handler of the parent can run in the child.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    begin->parent = getpid();
    // The death signal follows the thread that forked; only the first thread lasts as long as the
    // process. Behind it stand the closed socket and RLIMIT_CPU.
    if (syscall(SYS_gettid) != getpid()) begin->parent = 0;
    pid_t child = fork();
    if (child == 0) {
        geuse_leave_parent(socket);
        begin->mapped = geuse_mapped();
        geuse_on_fresh_stack(entry, begin);
    }
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return child;
}

pid_t geuse_worker_start(const geuse_worker_limits *limits, int *out) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    struct beginning begin = {.limits = *limits};
    pid_t child = fork_locked(&begin, ends[1], worker_entry);
    int error = errno;
    close(ends[1]);
    if (child < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
        if (child > 0) {
            error = errno;
            kill(child, SIGKILL);
            waitpid(child, NULL, 0);
        }
        close(ends[0]);
        errno = error;
        return -1;
    }
    *out = ends[0];
    return child;
}

int geuse_worker_attempt(enum geuse_attempt attempt, int filtered) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    struct beginning begin = {
        .limits = {.memory_bytes = 64u << 20, .cpu_seconds = 10},
        .attempt = attempt,
        .filtered = filtered != 0,
    };
    pid_t child = fork_locked(&begin, ends[1], attempt_entry);
    close(ends[1]);
    int status = -1;
    if (child > 0) {
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    }
    close(ends[0]);
    return status;
}
