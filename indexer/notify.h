/* Notify: tells the service manager how a program fares, by the datagram protocol of sd_notify(3).
 *
 * Where no manager asked for it (NOTIFY_SOCKET is not set) nothing happens. For the mains. */
#ifndef SCHEDARIO_NOTIFY_H
#define SCHEDARIO_NOTIFY_H

#include <glib.h>

typedef struct Notify Notify;

/* Takes up what the environment says, and takes it out there, so that no child answers for this
 * process. Opens its socket: to be called before rights are given up. Never NULL. */
Notify *notify_new(void);
void notify_free(Notify *notify);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Notify, notify_free)

/* Sends one message: "READY=1", "STOPPING=1", "STATUS=...". FALSE when there is nobody to be told,
 * or it could not be sent. */
gboolean notify_send(const Notify *notify, const char *message);
/* "RELOADING=1" with the time that goes with it. */
gboolean notify_reloading(const Notify *notify);

#endif
