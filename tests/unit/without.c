/* Runs a program as on a system that lacks something: without CALL[,CALL…] PROGRAM [ARGUMENT…]
 * These system calls fail for it. For tests of what the programs say and do then. */
#include "../../indexer/reader/calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    enum { MOST = 1000 };
    Call refused[MOST + 1] = {{NULL, CALLS_ALL}};
    if (argc < 3)
        return 2;
    char **names = g_strsplit(argv[1], ",", MOST);
    for (gsize i = 0; names[i]; i++)
        refused[i] = (Call){names[i], CALLS_ALL};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        !calls_restrict(&(CallsFilter){.refused = refused, .denies = TRUE}))
        return 3;
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* which takes calls that may be gone */
    execv(argv[2], argv + 2);
    perror(argv[2]);
    return 4;
}
