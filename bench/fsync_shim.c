/* Counts and delays fsync and fdatasync of the process that preloads it.
 *
 * HARKEN_FSYNC_DELAY_MS    milliseconds to sleep before each call
 * HARKEN_FSYNC_COUNT_FILE  file that grows by one byte with each call
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int (*sync_call)(int);

static void note_call(void)
{
    const char *delay = getenv("HARKEN_FSYNC_DELAY_MS");
    const char *path = getenv("HARKEN_FSYNC_COUNT_FILE");
    if (path != NULL && *path != '\0') {
        int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (file >= 0) {
            ssize_t written = write(file, ".", 1);
            (void)written;
            close(file);
        }
    }
    if (delay != NULL && *delay != '\0') {
        double ms = atof(delay);
        struct timespec pause = {(time_t)(ms / 1000.0), 0};
        pause.tv_nsec = (long)((ms / 1000.0 - (double)pause.tv_sec) * 1e9);
        while (ms > 0 && nanosleep(&pause, &pause) != 0) {
        }
    }
}

int fsync(int file)
{
    static sync_call next;
    if (next == NULL)
        next = (sync_call)dlsym(RTLD_NEXT, "fsync");
    note_call();
    return next(file);
}

int fdatasync(int file)
{
    static sync_call next;
    if (next == NULL)
        next = (sync_call)dlsym(RTLD_NEXT, "fdatasync");
    note_call();
    return next(file);
}
