/* Preloaded into a process: after REGIE_SYNCS good flushes every further one fails with EIO, once and for all the
 * next ones succeed again, as a kernel does that has dropped the pages: whoever retries believes a lie. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_long done;

static int fails(void) {
  static long good = -1;
  if (good < 0) {
    const char *text = getenv("REGIE_SYNCS");
    good = text ? atol(text) : 1000000000L;
  }
  return atomic_fetch_add(&done, 1) == good;
}

#define FLUSH(name)                                        \
  int name(int fd) {                                       \
    static int (*real)(int);                               \
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, #name); \
    if (fails()) { errno = EIO; return -1; }               \
    return real(fd);                                       \
  }

FLUSH(fsync)
FLUSH(fdatasync)
