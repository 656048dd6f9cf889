/* Privileges: see privileges.h. By its system calls, to be without libcap. */
#include "privileges.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(capability) (G_GUINT64_CONSTANT(1) << (capability))

const guint64 PRIVILEGES_READ_ALL = BIT(CAP_DAC_READ_SEARCH);
const guint64 PRIVILEGES_WRITE_ALL = BIT(CAP_DAC_OVERRIDE) | BIT(CAP_CHOWN);

typedef struct __user_cap_data_struct Words[_LINUX_CAPABILITY_U32S_3];

static struct __user_cap_header_struct header_new(void)
{
    return (struct __user_cap_header_struct){.version = _LINUX_CAPABILITY_VERSION_3};
}

/* Also what is inheritable must be gone. */
static gboolean read_all(guint64 *ret_permitted, guint64 *ret_inheritable)
{
    struct __user_cap_header_struct header = header_new();
    Words words = {{0}};
    if (syscall(SYS_capget, &header, words) != 0)
        return FALSE;
    *ret_permitted = words[0].permitted | (guint64)words[1].permitted << 32;
    *ret_inheritable = words[0].inheritable | (guint64)words[1].inheritable << 32;
    return TRUE;
}

static gboolean write_all(guint64 kept)
{
    struct __user_cap_header_struct header = header_new();
    const guint32 low = (guint32)kept;
    const guint32 high = (guint32)(kept >> 32);
    const Words words = {{.effective = low, .permitted = low},
                         {.effective = high, .permitted = high}};
    return syscall(SYS_capset, &header, words) == 0;
}

/* What a program could gain at most. Not everybody who has capabilities may narrow that:
 * no_new_privs does the same. */
static void drop_bounds(void)
{
    for (unsigned long i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
        prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
}

gboolean privileges_drop(guint64 keeps)
{
    guint64 permitted = 0;
    guint64 inheritable = 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !read_all(&permitted, &inheritable))
        return FALSE;
    if (permitted == 0 && inheritable == 0)
        return TRUE;
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    drop_bounds();
    return write_all(permitted & keeps);
}
