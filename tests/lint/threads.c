/* What GLib's locks mean, for the thread sanitizer, which cannot see it: GLib is not built with it
 * and locks by futexes. The linker leads our calls through here (--wrap, Makefile: tsan), and each
 * says what it orders. Calls within GLib are passed over (threads.supp). */
#include <glib.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define WRAPPED(type, name, ...)                                                                   \
    type __real_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__);                                                               \
    type __wrap_##name(__VA_ARGS__)

WRAPPED(void, g_mutex_lock, GMutex *mutex)
{
    __real_g_mutex_lock(mutex);
    __tsan_acquire(mutex);
}

WRAPPED(void, g_mutex_unlock, GMutex *mutex)
{
    __tsan_release(mutex);
    __real_g_mutex_unlock(mutex);
}

WRAPPED(void, g_cond_wait, GCond *cond, GMutex *mutex)
{
    __tsan_release(mutex);
    __real_g_cond_wait(cond, mutex);
    __tsan_acquire(mutex);
}

WRAPPED(gboolean, g_cond_wait_until, GCond *cond, GMutex *mutex, gint64 end_us)
{
    __tsan_release(mutex);
    gboolean is_signalled = __real_g_cond_wait_until(cond, mutex, end_us);
    __tsan_acquire(mutex);
    return is_signalled;
}

WRAPPED(void, g_async_queue_push_front, GAsyncQueue *queue, gpointer item)
{
    __tsan_release(queue);
    __real_g_async_queue_push_front(queue, item);
}

WRAPPED(gpointer, g_async_queue_try_pop, GAsyncQueue *queue)
{
    gpointer item = __real_g_async_queue_try_pop(queue);
    __tsan_acquire(queue);
    return item;
}

/* Work that a pool is given: what was done before it is known to the thread that does it, and what
 * that did, to whoever waits for the pool's end. */
typedef struct {
    GFunc work;
    gpointer data;
} Pool;

static void work(gpointer item, gpointer data)
{
    const Pool *pool = data;
    __tsan_acquire(data);
    pool->work(item, pool->data);
    __tsan_release(data);
}

WRAPPED(GThreadPool *, g_thread_pool_new, GFunc function, gpointer data, gint most,
        gboolean is_exclusive, GError **error)
{
    Pool *pool = g_new0(Pool, 1);
    *pool = (Pool){function, data};
    return __real_g_thread_pool_new(work, pool, most, is_exclusive, error);
}

WRAPPED(gboolean, g_thread_pool_push, GThreadPool *threads, gpointer item, GError **error)
{
    __tsan_release(threads->user_data);
    return __real_g_thread_pool_push(threads, item, error);
}

WRAPPED(void, g_thread_pool_free, GThreadPool *threads, gboolean at_once, gboolean waits)
{
    gpointer pool = threads->user_data;
    __real_g_thread_pool_free(threads, at_once, waits);
    __tsan_acquire(pool);
    if (waits)
        g_free(pool);
}

WRAPPED(gboolean, g_atomic_ref_count_dec, gatomicrefcount *count)
{
    __tsan_release(count);
    gboolean is_last = __real_g_atomic_ref_count_dec(count);
    if (is_last)
        __tsan_acquire(count);
    return is_last;
}

/* G_DEFINE_QUARK sets a number once without a lock, to the same value in every thread. Suppressing
 * that by name does not work where the program is confined and cannot look names up: it is done
 * before there are threads. A program may lack some of them. */
typedef GQuark Quark(void);
__attribute__((weak)) Quark archive_error_quark, corpus_error_quark, facsimile_error_quark,
    http_error_quark, origin_error_quark, parameters_error_quark, rendering_error_quark,
    template_error_quark, trouble_error_quark;

__attribute__((constructor)) static void set_quarks(void)
{
    Quark *const quarks[] = {archive_error_quark,   corpus_error_quark,   facsimile_error_quark,
                             http_error_quark,      origin_error_quark,   parameters_error_quark,
                             rendering_error_quark, template_error_quark, trouble_error_quark};
    for (guint i = 0; i < G_N_ELEMENTS(quarks); i++)
        if (quarks[i])
            quarks[i]();
}
