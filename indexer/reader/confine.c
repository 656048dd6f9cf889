/* Confine: see confine.h. Restricting files (Landlock) and system calls (seccomp) belongs here too,
 * as further steps of the table's kind. */
#include "confine.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* The address sanitizer maps terabytes that it never touches. */
#if defined(__SANITIZE_ADDRESS__)
enum { CAN_LIMIT_MEMORY = FALSE };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { CAN_LIMIT_MEMORY = FALSE };
#else
enum { CAN_LIMIT_MEMORY = TRUE };
#endif
#else
enum { CAN_LIMIT_MEMORY = TRUE };
#endif

static gboolean limit(__rlimit_resource_t resource, rlim_t value)
{
    const struct rlimit both = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &both) == 0;
}

static gboolean limit_resources(guint memory_mib)
{
    /* Font libraries may try to write a cache: that must fail, not end the reader. */
    signal(SIGXFSZ, SIG_IGN);
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
           limit(RLIMIT_NOFILE, 32) &&
           (!CAN_LIMIT_MEMORY || limit(RLIMIT_AS, (rlim_t)memory_mib << 20));
}

static gboolean drop_privileges(void)
{
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
}

gboolean confine(guint memory_mib)
{
    return drop_privileges() && limit_resources(memory_mib);
}
