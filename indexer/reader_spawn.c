/* Reader spawn: see reader_spawn.h. */
#include "reader_spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

#include "reader/protocol.h"

/* What the reader starts with besides its socket: no environment but what makes it quick. */
static char *const READER_ENVIRONMENT[] = {
    (char *)"LC_ALL=C.UTF-8",
    (char *)"GLIBC_TUNABLES=glibc.malloc.tcache_max=4096:glibc.malloc.tcache_count=1000",
    NULL,
};

/* The child's descriptors: /dev/null, /dev/null, /dev/null, the socket, and no other. */
static gboolean set_descriptors(posix_spawn_file_actions_t *actions, int socket)
{
    return posix_spawn_file_actions_adddup2(actions, socket, READER_SOCKET) == 0 &&
           posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(actions, READER_SOCKET + 1) == 0;
}

/* A process group of its own keeps the terminal's Ctrl-C to the parent, which ends its readers. */
static gboolean set_signals(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
           posix_spawnattr_setpgroup(attributes, 0) == 0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP) == 0;
}

pid_t reader_spawn(const char *path, const ReaderAllowance *allowance, int socket)
{
    g_autofree char *memory = g_strdup_printf("%u", allowance->memory_mib);
    g_autofree char *text = g_strdup_printf("%u", allowance->text_mib);
    g_autofree char *cpu = g_strdup_printf("%u", allowance->cpu_seconds);
    char *arguments[] = {(char *)path,
                         memory,
                         text,
                         cpu,
                         allowance->allow_unsandboxed ? (char *)"unsandboxed" : NULL,
                         NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = 0;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return 0;
    if (posix_spawnattr_init(&attributes) == 0) {
        if (!set_descriptors(&actions, socket) || !set_signals(&attributes) ||
            posix_spawn(&pid, path, &actions, &attributes, arguments, READER_ENVIRONMENT) != 0)
            pid = 0;
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}
