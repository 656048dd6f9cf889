/* Fake steward: a steward without a process, for targets that include indexer/reading.c: readers
 * are never started. All of steward.h's functions, so that the linker takes none of the real one.
 */
#ifndef SCHEDARIO_TESTS_FAKE_STEWARD_H
#define SCHEDARIO_TESTS_FAKE_STEWARD_H

#include "../../indexer/steward.h"

struct Steward {
    int unused;
};

Steward *steward_new(const StewardDuties *duties, GError **error)
{
    (void)duties, (void)error;
    return g_new0(Steward, 1);
}

guint steward_missing(const Steward *steward)
{
    (void)steward;
    return 0;
}

void steward_free(Steward *steward)
{
    g_free(steward);
}

void steward_watch(Steward *steward, void (*lost)(gpointer data), gpointer data)
{
    (void)steward, (void)lost, (void)data;
}

gboolean steward_is_lost(const Steward *steward)
{
    (void)steward;
    return FALSE;
}

pid_t steward_start_reader(Steward *steward, const ReaderAllowance *allowance, int *ret_socket)
{
    (void)steward, (void)allowance, (void)ret_socket;
    return 0;
}

int steward_stop_reader(Steward *steward, pid_t pid, int grace_ms)
{
    (void)steward, (void)pid, (void)grace_ms;
    return 0;
}

guint64 steward_resident_mib(Steward *steward, pid_t pid)
{
    (void)steward, (void)pid;
    return 0;
}

int steward_open(Steward *steward, guint number)
{
    (void)steward, (void)number;
    return -1;
}

#endif
