#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "worker.h"

// What a worker may ask of the kernel: memory, time, its one socket, and its end. Anything else
// kills it. Reference: Documentation/userspace-api/seccomp_filter.rst of Linux.

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifndef SECCOMP_RET_KILL_PROCESS
#define SECCOMP_RET_KILL_PROCESS SECCOMP_RET_KILL
#endif

#define FIELD(name) (offsetof(struct seccomp_data, name))
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + 8 * (n))  // low half, little-endian
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count)
#define SKIP_IF_ANY(bits, count) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, count, 0)
#define SKIP_IF_NONE(bits, count) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, count)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define KILL BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)

#define ALLOW_CALL(number) SKIP_UNLESS(number, 1), ALLOW
#define ALLOW_ON_SOCKET(number) \
    SKIP_UNLESS(number, 4), LOAD(ARGUMENT(0)), SKIP_UNLESS(GEUSE_WORKER_SOCKET, 1), ALLOW, KILL

bool geuse_filter_system_calls(void) {
#ifdef THIS_ARCHITECTURE
    struct sock_filter rules[] = {
        LOAD(FIELD(arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0),
        KILL,
        LOAD(FIELD(nr)),
#ifdef __x86_64__
        // The x32 numbers share the architecture's name.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        KILL,
#endif
        ALLOW_ON_SOCKET(__NR_read),
        ALLOW_ON_SOCKET(__NR_write),
        // Memory of its own, never executable, never a file.
        SKIP_UNLESS(__NR_mmap, 6),
        LOAD(ARGUMENT(2)),
        SKIP_IF_ANY(PROT_EXEC, 3),
        LOAD(ARGUMENT(3)),
        SKIP_IF_NONE(MAP_ANONYMOUS, 1),
        ALLOW,
        KILL,
        SKIP_UNLESS(__NR_mprotect, 4),
        LOAD(ARGUMENT(2)),
        SKIP_IF_ANY(PROT_EXEC, 1),
        ALLOW,
        KILL,
        ALLOW_CALL(__NR_munmap),
        ALLOW_CALL(__NR_mremap),
        ALLOW_CALL(__NR_madvise),
        ALLOW_CALL(__NR_brk),
        ALLOW_CALL(__NR_futex),
        // Time, where the vDSO does not answer.
        ALLOW_CALL(__NR_clock_gettime),
#ifdef __NR_time
        ALLOW_CALL(__NR_time),
#endif
        ALLOW_CALL(__NR_gettimeofday),
        ALLOW_CALL(__NR_rt_sigreturn),
        ALLOW_CALL(__NR_restart_syscall),
        ALLOW_CALL(__NR_exit),
        ALLOW_CALL(__NR_exit_group),
        KILL,
    };
    struct sock_fprog program = {
        .len = (unsigned short)(sizeof rules / sizeof rules[0]),
        .filter = rules,
    };
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
#else
    return false;
#endif
}
