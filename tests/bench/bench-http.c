/* Load on a running server: questions of one to three words, none of them twice, from some clients
 * that each keep one connection and wait for an answer before they ask again.
 *
 *     bench-http ARCHIVE PORT [SECONDS [CLIENTS]]
 *
 * The words are drawn from the archive that the server at 127.0.0.1:PORT has: those of one question
 * stand on one page, so nearly every question has an answer, with passages to make. Prints requests
 * a second and quantiles of the time from sending a question to the last byte of its answer. One
 * thread, so that it takes as little as may be from a server on the same machine. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <locale.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../../indexer/analysis.h"
#include "../../indexer/archive.h"

enum {
    CLIENTS_MOST = 64,
    SECONDS_MOST = 600,
    WARM_UP = 400,              /* questions asked before any is counted */
    QUESTIONS_A_SECOND = 12000, /* made ready, so that they do not run out */
    QUESTIONS_A_PAGE = 24,
    WORD_BYTES_LEAST = 4, /* shorter ones are mostly function words */
    WORDS_OF_PAGE_LEAST = 20,
    ANSWER_BYTES = 256 * 1024,
    DRAW_SEED = 4711,
};

static void end(const char *doing, const char *why)
{
    fprintf(stderr, "bench-http: %s: %s\n", doing, why);
    exit(1);
}

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Questions */

static gboolean take_word(const AnalysedWord *word, gpointer data)
{
    GPtrArray *words = data;
    if (word->stem && word->length >= WORD_BYTES_LEAST)
        g_ptr_array_add(words, g_strdup(word->word));
    return TRUE;
}

/* The words of some page, or NULL when it has hardly any. */
static GPtrArray *draw_page(Archive *archive, Analyser *analyser, gint64 last_row, GRand *chance)
{
    gint64 row = 1 + g_rand_int_range(chance, 0, (gint32)last_row);
    g_autoptr(ArchiveDocument) document = archive_find_row(archive, row, NULL);
    if (!document || document->state != DOCUMENT_INDEXED || document->page_count == 0)
        return NULL;
    guint page = (guint)g_rand_int_range(chance, 0, (gint32)document->page_count);
    g_autoptr(GString) text = archive_pages(archive, row, page, 1, NULL);
    if (!text)
        return NULL;
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    analyser_walk(analyser, text->str, text->len, take_word, words);
    return words->len >= WORDS_OF_PAGE_LEAST ? g_steal_pointer(&words) : NULL;
}

static char *draw_question(const GPtrArray *words, GRand *chance)
{
    GString *question = g_string_new(NULL);
    gint32 count = g_rand_int_range(chance, 1, 4);
    for (gint32 i = 0; i < count; i++) {
        guint at = (guint)g_rand_int_range(chance, 0, (gint32)words->len);
        g_string_append(question, i > 0 ? "+" : "");
        g_string_append_uri_escaped(question, g_ptr_array_index(words, at), NULL, FALSE);
    }
    return g_string_free(question, FALSE);
}

static char *request_for(const char *question)
{
    return g_strdup_printf("GET /api/v1/search?q=%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", question);
}

/* Ends early where the archive has not so many different ones. */
static void draw_questions(Archive *archive, gint64 last_row, guint wanted, GPtrArray *requests)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(Analyser) analyser = analyser_new();
    g_autoptr(GRand) chance = g_rand_new_with_seed(DRAW_SEED);
    for (guint tries = 0; requests->len < wanted && tries < wanted; tries++) {
        g_autoptr(GPtrArray) words = draw_page(archive, analyser, last_row, chance);
        for (guint i = 0; words && i < QUESTIONS_A_PAGE; i++) {
            char *question = draw_question(words, chance);
            if (!g_hash_table_contains(seen, question))
                g_ptr_array_add(requests, request_for(question));
            g_hash_table_add(seen, question);
        }
    }
    for (guint i = requests->len; i > 1; i--) { /* no two of a page together */
        guint other = (guint)g_rand_int_range(chance, 0, (gint32)i);
        gpointer kept = requests->pdata[i - 1];
        requests->pdata[i - 1] = requests->pdata[other];
        requests->pdata[other] = kept;
    }
}

static GPtrArray *questions_of(const char *path, guint wanted)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Archive) archive = archive_open_reader(path, &error);
    ArchiveCounts counts;
    if (!archive || !archive_begin(archive, &error) || !archive_counts(archive, &counts, &error))
        end(path, error->message);
    GPtrArray *requests = g_ptr_array_new_with_free_func(g_free);
    if (counts.documents > 0) /* rows of what is gone only cost a try */
        draw_questions(archive, MAX(counts.documents, counts.seen), wanted, requests);
    archive_rollback(archive);
    if (requests->len <= WARM_UP)
        end(path, "too few words to make questions of");
    return requests;
}

/* Clients */

typedef struct {
    int fd;
    char *answer;
    gsize length;   /* that came so far */
    gsize expected; /* of the whole answer, 0: not known yet */
    double asked_us;
    gboolean is_busy;
} Client;

typedef struct {
    const GPtrArray *requests;
    guint next;
    double until_us;
    GArray *times; /* double, microseconds */
    guint refused; /* another status than 200 */
    guint64 bytes;
} Load;

static int connect_to(guint16 port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        end("connecting", g_strerror(errno));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* Asks the next question, if there is one and time left. */
static void client_ask(Client *client, Load *load)
{
    client->is_busy = load->next < load->requests->len && now_us() < load->until_us;
    if (!client->is_busy)
        return;
    const char *request = g_ptr_array_index(load->requests, load->next++);
    client->length = client->expected = 0;
    client->asked_us = now_us();
    if (write(client->fd, request, strlen(request)) != (gssize)strlen(request))
        end("asking", g_strerror(errno));
}

/* How long the answer is, once its head is there. */
static gsize expected_length(const Client *client)
{
    static const char FIELD[] = "\r\ncontent-length:";
    const char *stop = g_strstr_len(client->answer, (gssize)client->length, "\r\n\r\n");
    if (!stop)
        return 0;
    g_autofree char *head = g_ascii_strdown(client->answer, stop - client->answer);
    const char *field = strstr(head, FIELD);
    if (!field)
        end("reading an answer", "it does not say how long it is");
    return (gsize)(stop - client->answer) + 4 +
           (gsize)g_ascii_strtoull(field + strlen(FIELD), NULL, 10);
}

static void client_read(Client *client, Load *load)
{
    gssize count = read(client->fd, client->answer + client->length, ANSWER_BYTES - client->length);
    if (count <= 0)
        end("reading an answer",
            count == 0 ? "the server closed the connection or sent too much" : g_strerror(errno));
    client->length += (gsize)count;
    if (client->expected == 0)
        client->expected = expected_length(client);
    if (client->expected > ANSWER_BYTES)
        end("reading an answer", "it is too long");
    if (client->expected == 0 || client->length < client->expected)
        return;
    double taken = now_us() - client->asked_us;
    g_array_append_val(load->times, taken);
    load->bytes += client->length;
    load->refused += strncmp(client->answer, "HTTP/1.1 200", 12) != 0;
    client_ask(client, load);
}

static gboolean read_what_came(Client *clients, guint count, Load *load)
{
    struct pollfd polled[CLIENTS_MOST];
    guint busy = 0;
    for (guint i = 0; i < count; i++) {
        polled[i] = (struct pollfd){clients[i].is_busy ? clients[i].fd : -1, POLLIN, 0};
        busy += clients[i].is_busy;
    }
    if (busy == 0)
        return FALSE;
    if (poll(polled, count, -1) < 0)
        end("waiting", g_strerror(errno));
    for (guint i = 0; i < count; i++)
        if (polled[i].revents)
            client_read(&clients[i], load);
    return TRUE;
}

/* Asks until the time or the questions are over. Returns the seconds it took. */
static double run_load(Client *clients, guint count, Load *load, double seconds)
{
    double started = now_us();
    load->until_us = started + seconds * 1e6;
    for (guint i = 0; i < count; i++)
        client_ask(&clients[i], load);
    while (read_what_came(clients, count, load))
        ;
    return (now_us() - started) / 1e6;
}

/* Telling */

static int compare_doubles(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static double quantile(const GArray *sorted, double share)
{
    guint at = (guint)((double)sorted->len * share);
    return g_array_index(sorted, double, MIN(at, sorted->len - 1)) / 1000;
}

static void print_load(const Load *load, guint clients, double seconds)
{
    g_array_sort(load->times, compare_doubles);
    double rate = load->times->len / seconds;
    printf("%u clients, %u different questions in %.1f s, %.0f bytes an answer%s\n", clients,
           load->times->len, seconds, (double)load->bytes / load->times->len,
           load->next == load->requests->len ? ", then there were no more" : "");
    printf("%.0f requests/s; median %.2f ms, 95th %.2f, 99th %.2f, longest %.2f\n", rate,
           quantile(load->times, 0.5), quantile(load->times, 0.95), quantile(load->times, 0.99),
           quantile(load->times, 1));
    if (load->refused > 0)
        printf("%u WERE NOT ANSWERED\n", load->refused);
}

static guint64 number(char **argv, int argc, int place, guint64 otherwise, guint64 most)
{
    guint64 value = otherwise;
    if (place < argc && !g_ascii_string_to_unsigned(argv[place], 10, 1, most, &value, NULL))
        end(argv[place], "no number that can be");
    return value;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    if (argc < 3 || argc > 5) {
        fprintf(stderr, "usage: bench-http ARCHIVE PORT [SECONDS [CLIENTS]]\n");
        return 2;
    }
    guint16 port = (guint16)number(argv, argc, 2, 0, G_MAXUINT16);
    guint seconds = (guint)number(argv, argc, 3, 10, SECONDS_MOST);
    guint count = (guint)number(argv, argc, 4, 4, CLIENTS_MOST);
    g_autoptr(GPtrArray) requests = questions_of(argv[1], WARM_UP + seconds * QUESTIONS_A_SECOND);
    Client clients[CLIENTS_MOST];
    for (guint i = 0; i < count; i++)
        clients[i] = (Client){.fd = connect_to(port), .answer = g_malloc(ANSWER_BYTES)};
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GPtrArray) first = g_ptr_array_new();
    for (guint i = 0; i < WARM_UP; i++)
        g_ptr_array_add(first, g_ptr_array_index(requests, i));
    Load warm_up = {.requests = first, .times = times};
    run_load(clients, count, &warm_up, SECONDS_MOST);
    g_array_set_size(times, 0);
    Load load = {.requests = requests, .next = WARM_UP, .times = times};
    double taken = run_load(clients, count, &load, seconds);
    print_load(&load, count, taken);
    for (guint i = 0; i < count; i++) {
        close(clients[i].fd);
        g_free(clients[i].answer);
    }
    return load.refused > 0;
}
