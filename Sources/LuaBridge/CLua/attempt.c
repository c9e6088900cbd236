#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker.h"

// What a script that had broken out of the interpreter might try, each by a bare system call.

static pid_t parent;

void geuse_attempt_prepare(void) { parent = getppid(); }

static bool has_other_descriptors(void) {
    for (int fd = GEUSE_WORKER_SOCKET + 1; fd < 4096; fd++)
        if (syscall(SYS_fcntl, fd, F_GETFD) >= 0) return true;
    return false;
}

static long map(size_t bytes, int protection) {
    return syscall(SYS_mmap, NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static long attempt_call(enum geuse_attempt attempt) {
    static char path[] = "/bin/true", file[] = "/etc/passwd",
                nowhere[] = "/nonexistent/file";
    static char *const arguments[] = {path, NULL};
    switch (attempt) {
    case GEUSE_ATTEMPT_OPEN: return syscall(SYS_openat, AT_FDCWD, file, O_RDONLY);
    case GEUSE_ATTEMPT_SOCKET: return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
    case GEUSE_ATTEMPT_FORK: return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    case GEUSE_ATTEMPT_EXEC: return syscall(SYS_execve, path, arguments, NULL);
    case GEUSE_ATTEMPT_KILL_PARENT: return syscall(SYS_kill, parent, 0);
    case GEUSE_ATTEMPT_PTRACE: return syscall(SYS_ptrace, PTRACE_ATTACH, parent, 0, 0);
    case GEUSE_ATTEMPT_UNLINK: return syscall(SYS_unlinkat, AT_FDCWD, nowhere, 0);
    case GEUSE_ATTEMPT_DUP: return syscall(SYS_dup, GEUSE_WORKER_SOCKET);
    case GEUSE_ATTEMPT_WRITE_ELSEWHERE: return syscall(SYS_write, 2, "x", 1);
    case GEUSE_ATTEMPT_MAP_EXECUTABLE: return map(4096, PROT_READ | PROT_EXEC);
    case GEUSE_ATTEMPT_MAKE_EXECUTABLE:
        return syscall(SYS_mprotect, map(4096, PROT_READ | PROT_WRITE), 4096,
                       PROT_READ | PROT_EXEC);
    case GEUSE_ATTEMPT_MAP_TOO_MUCH: return map((size_t)256 << 20, PROT_READ | PROT_WRITE);
    case GEUSE_ATTEMPT_READ_ENVIRONMENT: return geuse_environment_remains() ? 0 : -1;
    case GEUSE_ATTEMPT_OTHER_DESCRIPTORS: return has_other_descriptors() ? 0 : -1;
    case GEUSE_ATTEMPT_NOTHING:
    case GEUSE_ATTEMPT_COUNT: break;
    }
    return 0;
}

_Noreturn void geuse_attempt_body(enum geuse_attempt attempt) {
    long result = attempt_call(attempt);
    _exit(result < 0 ? GEUSE_ATTEMPT_REFUSED : GEUSE_ATTEMPT_SUCCEEDED);
}
