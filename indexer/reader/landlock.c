/* Landlock: see landlock.h. By its system calls, since glibc has no functions for them; numbers
 * that are newer than the headers this may be built with stand here (Linux, uapi/linux/landlock.h).
 */
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    ABI_REFER = 2,
    ABI_NETWORK = 4,
    ABI_IOCTL = 5,
    ABI_SCOPES = 6,
};

#define ACCESS_TRUNCATE           (G_GUINT64_CONSTANT(1) << 14)
#define ACCESS_IOCTL              (G_GUINT64_CONSTANT(1) << 15)
#define NETWORK_BIND_AND_CONNECT  G_GUINT64_CONSTANT(3)
#define SCOPE_SOCKETS_AND_SIGNALS G_GUINT64_CONSTANT(3)

#define ACCESS_OF_FOLDERS                                                                          \
    (LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE)

/* struct landlock_ruleset_attr as it is today; an older kernel is given the beginning it knows. */
typedef struct {
    guint64 files;
    guint64 network;
    guint64 scopes;
} Attributes;

static gsize attributes_size(guint version)
{
    if (version >= ABI_SCOPES)
        return sizeof(Attributes);
    return version >= ABI_NETWORK ? G_STRUCT_OFFSET(Attributes, scopes)
                                  : G_STRUCT_OFFSET(Attributes, network);
}

/* Every right over files that the version knows. */
static guint64 all_files(guint version)
{
    guint64 all = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1; /* the first version's are its low bits */
    all |= version >= ABI_REFER ? LANDLOCK_ACCESS_FS_REFER : 0;
    all |= version >= LANDLOCK_TRUNCATE ? ACCESS_TRUNCATE : 0;
    all |= version >= ABI_IOCTL ? ACCESS_IOCTL : 0;
    return all;
}

static guint64 access_of(guint rights)
{
    guint64 access = 0;
    if (rights & (LANDLOCK_READ | LANDLOCK_RUN))
        access |= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    if (rights & LANDLOCK_RUN)
        access |= LANDLOCK_ACCESS_FS_EXECUTE;
    if (rights & LANDLOCK_WRITE)
        access |= LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE;
    if (rights & LANDLOCK_MAKE)
        access |= LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;
    return access;
}

guint landlock_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? (guint)version : 0;
}

static gboolean add_rule(int ruleset, const LandlockRule *rule, guint64 handled)
{
    struct stat status;
    int fd = open(rule->path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
    struct landlock_path_beneath_attr beneath = {
        .allowed_access = access_of(rule->rights) & handled, .parent_fd = fd};
    gboolean added = fstat(fd, &status) == 0;
    if (!S_ISDIR(status.st_mode))
        beneath.allowed_access &= ~(guint64)ACCESS_OF_FOLDERS;
    added = added &&
            (beneath.allowed_access == 0 ||
             syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0);
    close(fd);
    return added;
}

gboolean landlock_restrict(const LandlockRule *rules, gsize n_rules)
{
    guint version = landlock_version();
    if (version == 0)
        return FALSE;
    const Attributes attributes = {all_files(version), NETWORK_BIND_AND_CONNECT,
                                   SCOPE_SOCKETS_AND_SIGNALS};
    int ruleset =
        (int)syscall(SYS_landlock_create_ruleset, &attributes, attributes_size(version), 0);
    gboolean sound = ruleset >= 0;
    for (gsize i = 0; sound && i < n_rules; i++)
        sound = add_rule(ruleset, &rules[i], attributes.files);
    sound = sound && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    if (ruleset >= 0)
        close(ruleset);
    return sound;
}
