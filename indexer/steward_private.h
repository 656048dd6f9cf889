/* What passes between a steward and its owner: once it is ready a reply that nobody asked for,
 * whose value says which protections it lacks; then one request, one reply, each one message of a
 * fixed size on a socket of whole messages; a descriptor may go with the reply. Both sides are one
 * program, so the structures travel as they are. */
#ifndef SCHEDARIO_STEWARD_PRIVATE_H
#define SCHEDARIO_STEWARD_PRIVATE_H

#include "steward.h"

typedef enum {
    STEWARD_START,    /* allowance -> value: pid; the reader's socket; 0 and none: it cannot */
    STEWARD_STOP,     /* pid, grace_ms -> value: wait status */
    STEWARD_RESIDENT, /* pid -> value: MiB */
    STEWARD_OPEN,     /* file -> the descriptor, or fault */
    STEWARD_DUTIES
} StewardDuty;

typedef struct {
    guint32 duty; /* StewardDuty */
    gint32 pid;
    gint32 grace_ms;
    guint32 file;
    ReaderAllowance allowance;
} StewardRequest;

typedef struct {
    gint64 value;
    gint32 fault; /* errno */
} StewardReply;

/* The process: does its duties until the owner hangs up, and ends. */
_Noreturn void steward_process_run(const StewardDuties *duties, int socket);

#endif
