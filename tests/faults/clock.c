/* Makes time run backwards for the program that it is loaded into (LD_PRELOAD): each look at the clock of the wall gives a
   moment further back than the one before, by CLOCK_STEP seconds, beginning CLOCK_SHIFT seconds from now. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static long from(const char *name) {
    const char *value = getenv(name);
    return value ? atol(value) : 0;
}

static long shift(void) {
    static atomic_long looks;
    return from("CLOCK_SHIFT") - from("CLOCK_STEP") * atomic_fetch_add(&looks, 1);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(clock, now);
    if (code == 0 && clock == CLOCK_REALTIME) now->tv_sec += shift();
    return code;
}

int gettimeofday(struct timeval *now, void *zone) {
    int (*real)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
    int code = real(now, zone);
    if (code == 0) now->tv_sec += shift();
    return code;
}

time_t time(time_t *to) {
    struct timeval now;
    gettimeofday(&now, NULL);
    if (to) *to = now.tv_sec;
    return now.tv_sec;
}
