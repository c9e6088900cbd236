/* efs-client: an NFS v3 client in user space, so that a host can mount the EFS stand-in on a kernel that has no
 * NFS client. FUSE on one side, libnfs on the other.
 *
 *   efs-client nfs://ADDRESS/EXPORT?version=3 MOUNTPOINT -o fsname=…,subtype=nfs4,…
 *
 * One thread and no time limit, on purpose: a server that hangs makes the mount hang, as a hard NFS mount does.
 * And as there, a process that hangs can be killed: FUSE lets one go as long as its request was not yet read, so none
 * is read while the server does not answer (server_answers).
 * Version 3, because libnfs's chown over version 4 can hit the wrong object.
 */
#define FUSE_USE_VERSION 31

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <fuse_lowlevel.h>
#include <netinet/in.h>
#include <nfsc/libnfs.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <unistd.h>

enum { NFS_PORT = 2049, PATIENCE_MS = 1000 };

static struct nfs_context *nfs;
static struct sockaddr_in server = {.sin_family = AF_INET};

static struct nfsfh *handle(const struct fuse_file_info *info)
{
    return (struct nfsfh *)(uintptr_t)info->fh;
}

static int has_handle(const struct fuse_file_info *info)
{
    return info != NULL && info->fh != 0;
}

static void fill_stat(struct stat *out, const struct nfs_stat_64 *in)
{
    memset(out, 0, sizeof *out);
    out->st_dev = in->nfs_dev;
    out->st_ino = in->nfs_ino;
    out->st_mode = in->nfs_mode;
    out->st_nlink = in->nfs_nlink;
    out->st_uid = in->nfs_uid;
    out->st_gid = in->nfs_gid;
    out->st_rdev = in->nfs_rdev;
    out->st_size = in->nfs_size;
    out->st_blksize = in->nfs_blksize;
    out->st_blocks = in->nfs_blocks;
    out->st_atim = (struct timespec){in->nfs_atime, in->nfs_atime_nsec};
    out->st_mtim = (struct timespec){in->nfs_mtime, in->nfs_mtime_nsec};
    out->st_ctim = (struct timespec){in->nfs_ctime, in->nfs_ctime_nsec};
}

static int op_getattr(const char *path, struct stat *out, struct fuse_file_info *info)
{
    struct nfs_stat_64 attributes;
    int result = has_handle(info) ? nfs_fstat64(nfs, handle(info), &attributes)
                                  : nfs_lstat64(nfs, path, &attributes);
    if (result == 0)
        fill_stat(out, &attributes);
    return result;
}

static int op_readdir(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
                      struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
    struct nfsdir *dir;
    struct nfsdirent *entry;
    int result = nfs_opendir(nfs, path, &dir);
    (void)offset, (void)info, (void)flags;
    if (result < 0)
        return result;
    while ((entry = nfs_readdir(nfs, dir)) != NULL)
        fill(buffer, entry->name, NULL, 0, 0);
    nfs_closedir(nfs, dir);
    return 0;
}

/* The server sees root only (no root squash) and the kernel checks modes (default_permissions); so whatever is
 * made is given to the caller afterwards. */
static int give_to_caller(const char *path)
{
    const struct fuse_context *caller = fuse_get_context();
    if (caller->uid == 0 && caller->gid == 0)
        return 0;
    return nfs_chown(nfs, path, (int)caller->uid, (int)caller->gid);
}

static int op_open(const char *path, struct fuse_file_info *info)
{
    struct nfsfh *file;
    int result = nfs_open(nfs, path, info->flags & (O_ACCMODE | O_APPEND | O_TRUNC), &file);
    if (result == 0)
        info->fh = (uintptr_t)file;
    return result;
}

static int op_create(const char *path, mode_t mode, struct fuse_file_info *info)
{
    struct nfsfh *file;
    int flags = (info->flags & (O_ACCMODE | O_APPEND | O_EXCL)) | O_CREAT;
    int result = nfs_open2(nfs, path, flags, (int)(mode & 07777), &file);
    if (result < 0)
        return result;
    info->fh = (uintptr_t)file;
    return give_to_caller(path);
}

#ifdef LIBNFS_API_V2 /* libnfs 6 moved the buffer to the front */
static int op_read(const char *path, char *buffer, size_t size, off_t offset,
                   struct fuse_file_info *info)
{
    (void)path;
    return nfs_pread(nfs, handle(info), buffer, size, offset);
}

static int op_write(const char *path, const char *buffer, size_t size, off_t offset,
                    struct fuse_file_info *info)
{
    (void)path;
    return nfs_pwrite(nfs, handle(info), buffer, size, offset);
}
#else
static int op_read(const char *path, char *buffer, size_t size, off_t offset,
                   struct fuse_file_info *info)
{
    (void)path;
    return nfs_pread(nfs, handle(info), offset, size, buffer);
}

static int op_write(const char *path, const char *buffer, size_t size, off_t offset,
                    struct fuse_file_info *info)
{
    (void)path;
    return nfs_pwrite(nfs, handle(info), offset, size, (char *)buffer);
}
#endif

static int op_release(const char *path, struct fuse_file_info *info)
{
    (void)path;
    nfs_close(nfs, handle(info));
    return 0;
}

static int op_fsync(const char *path, int only_data, struct fuse_file_info *info)
{
    (void)path, (void)only_data;
    return nfs_fsync(nfs, handle(info));
}

static int op_truncate(const char *path, off_t size, struct fuse_file_info *info)
{
    return has_handle(info) ? nfs_ftruncate(nfs, handle(info), size) : nfs_truncate(nfs, path, size);
}

static int op_unlink(const char *path) { return nfs_unlink(nfs, path); }

static int op_mkdir(const char *path, mode_t mode)
{
    int result = nfs_mkdir2(nfs, path, (int)mode);
    return result < 0 ? result : give_to_caller(path);
}

static int op_rmdir(const char *path) { return nfs_rmdir(nfs, path); }

static int op_rename(const char *from, const char *to, unsigned flags)
{
    return flags ? -EINVAL : nfs_rename(nfs, from, to);
}

static int op_chmod(const char *path, mode_t mode, struct fuse_file_info *info)
{
    (void)info;
    return nfs_chmod(nfs, path, (int)mode);
}

static int op_chown(const char *path, uid_t user, gid_t group, struct fuse_file_info *info)
{
    struct nfs_stat_64 now;
    int result = nfs_lstat64(nfs, path, &now);
    (void)info;
    if (result < 0)
        return result;
    return nfs_chown(nfs, path, user == (uid_t)-1 ? (int)now.nfs_uid : (int)user,
                     group == (gid_t)-1 ? (int)now.nfs_gid : (int)group);
}

/* One of the two times: given, now, or left as it is. */
static void choose_time(struct timeval *out, struct timespec wish, uint64_t current)
{
    if (wish.tv_nsec == UTIME_NOW)
        gettimeofday(out, NULL);
    else if (wish.tv_nsec == UTIME_OMIT)
        *out = (struct timeval){(time_t)current, 0};
    else
        *out = (struct timeval){wish.tv_sec, wish.tv_nsec / 1000};
}

static int op_utimens(const char *path, const struct timespec wishes[2], struct fuse_file_info *info)
{
    struct nfs_stat_64 now;
    struct timeval times[2];
    int result = nfs_lstat64(nfs, path, &now);
    (void)info;
    if (result < 0)
        return result;
    choose_time(&times[0], wishes[0], now.nfs_atime);
    choose_time(&times[1], wishes[1], now.nfs_mtime);
    return nfs_utimes(nfs, path, times);
}

static int op_symlink(const char *target, const char *path)
{
    int result = nfs_symlink(nfs, target, path);
    return result < 0 ? result : give_to_caller(path);
}

static int op_link(const char *from, const char *to) { return nfs_link(nfs, from, to); }

static int op_readlink(const char *path, char *buffer, size_t size)
{
    return nfs_readlink(nfs, path, buffer, (int)size) < 0 ? -EIO : 0;
}

static int op_statfs(const char *path, struct statvfs *out)
{
    (void)path;
    return nfs_statvfs(nfs, "/", out);
}

static const struct fuse_operations operations = {
    .getattr = op_getattr,   .readdir = op_readdir, .open = op_open,         .create = op_create,
    .read = op_read,         .write = op_write,     .release = op_release,   .fsync = op_fsync,
    .truncate = op_truncate, .unlink = op_unlink,   .mkdir = op_mkdir,       .rmdir = op_rmdir,
    .rename = op_rename,     .chmod = op_chmod,     .chown = op_chown,       .utimens = op_utimens,
    .symlink = op_symlink,   .link = op_link,       .readlink = op_readlink, .statfs = op_statfs,
};

/* Waits until the socket can be read or written, but not for long. */
static int soon(int fd, short event)
{
    struct pollfd wish = {.fd = fd, .events = event};
    return poll(&wish, 1, PATIENCE_MS) == 1 && (wish.revents & event);
}

static int connect_to_server(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error = 0;
    socklen_t size = sizeof error;
    if (connect(fd, (struct sockaddr *)&server, sizeof server) == 0)
        return fd;
    if (errno == EINPROGRESS && soon(fd, POLLOUT) &&
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0)
        return fd;
    close(fd);
    return -1;
}

/* Calls NFS's null procedure (RFC 1813, 3.3.0; RFC 5531 for the words) and waits a moment for the reply. */
static int server_answers(void)
{
    static int fd = -1;
    const uint32_t call[] = {
        htonl(0x80000000u | 40), /* last fragment, 40 bytes */
        htonl(1), 0, htonl(2),   /* transaction, call, RPC version */
        htonl(100003), htonl(3), 0, 0, 0, 0, 0, /* NFS, version, null; no credentials, no verifier */
    };
    char reply[64];
    ssize_t size;

    if (fd < 0 && (fd = connect_to_server()) < 0)
        return 0;
    if (send(fd, call, sizeof call, MSG_NOSIGNAL) == (ssize_t)sizeof call && soon(fd, POLLIN)) {
        size = recv(fd, reply, sizeof reply, 0);
        if (size >= 28)
            return 1;
    }
    close(fd);
    fd = -1;
    return 0;
}

/* As fuse_session_loop, with a look at the server before each request is taken. */
static int serve(struct fuse_session *session)
{
    struct fuse_buf buffer = {.mem = NULL};
    int result = 0;
    while (!fuse_session_exited(session)) {
        struct pollfd request = {.fd = fuse_session_fd(session), .events = POLLIN};
        if (poll(&request, 1, -1) < 0 && errno == EINTR)
            continue;
        if (request.revents & POLLERR)
            break; /* unmounted */
        if (!server_answers()) {
            usleep(100 * 1000);
            continue;
        }
        result = fuse_session_receive_buf(session, &buffer);
        if (result == -EINTR)
            continue;
        if (result <= 0)
            break;
        fuse_session_process_buf(session, &buffer);
    }
    free(buffer.mem);
    return result < 0 ? 1 : 0;
}

int main(int count, char **arguments)
{
    struct nfs_url *url;
    struct fuse_args options = FUSE_ARGS_INIT(0, NULL);
    struct fuse *fuse;
    int result;

    if (count < 3)
        return 2;
    nfs = nfs_init_context();
    url = nfs_parse_url_dir(nfs, arguments[1]);
    if (url == NULL || nfs_mount(nfs, url->server, url->path) != 0) {
        fprintf(stderr, "efs-client: %s\n", nfs_get_error(nfs));
        return 32;
    }
    nfs_set_autoreconnect(nfs, -1);
    nfs_set_timeout(nfs, -1);
    server.sin_port = htons(NFS_PORT);
    inet_pton(AF_INET, url->server, &server.sin_addr);

    fuse_opt_add_arg(&options, arguments[0]);
    for (int i = 3; i < count; i++)
        fuse_opt_add_arg(&options, arguments[i]);
    fuse = fuse_new(&options, &operations, sizeof operations, NULL);
    if (fuse == NULL || fuse_mount(fuse, arguments[2]) != 0)
        return 32;
    fuse_daemonize(0);
    fuse_set_signal_handlers(fuse_get_session(fuse));
    result = serve(fuse_get_session(fuse));
    fuse_unmount(fuse);
    return result;
}
