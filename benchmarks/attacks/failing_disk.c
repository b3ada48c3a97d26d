/* Makes the disk fail at the n-th write, fsync, truncate or rename below a folder.
   Built and preloaded by benchmarks/attacks/disk.py; nothing fails until `fail_from` is called. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char below[4096];
static long at = 0, calls = 0;
static int error_number = 0, lasting = 0;

void fail_from(const char *folder, long n, int number, int stays) {
    strncpy(below, folder, sizeof below - 1);
    at = n, calls = 0, error_number = number, lasting = stays;
}

long calls_so_far(void) { return calls; }

static int fails(void) {
    calls++;
    if (calls == at || (lasting && at && calls > at)) {
        errno = error_number;
        return 1;
    }
    return 0;
}

static int is_below(int fd) {
    char link[64], path[4096];
    if (!below[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return strncmp(path, below, strlen(below)) == 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define ON_FILE(name, type, arguments, call) \
    type name arguments { return is_below(fd) && fails() ? -1 : REAL(name) call; }

ON_FILE(write, ssize_t, (int fd, const void *data, size_t n), (fd, data, n))
ON_FILE(pwrite, ssize_t, (int fd, const void *data, size_t n, off_t o), (fd, data, n, o))
ON_FILE(pwrite64, ssize_t, (int fd, const void *data, size_t n, off64_t o), (fd, data, n, o))
ON_FILE(fsync, int, (int fd), (fd))
ON_FILE(fdatasync, int, (int fd), (fd))
ON_FILE(ftruncate, int, (int fd, off_t n), (fd, n))
ON_FILE(ftruncate64, int, (int fd, off64_t n), (fd, n))

int rename(const char *from, const char *to) {
    int ours = below[0] && strncmp(to, below, strlen(below)) == 0;
    return ours && fails() ? -1 : REAL(rename)(from, to);
}
