/* Page: what all pages share: the reader's language, links that keep it, words and numbers in it,
 * and rendering.
 *
 * A page is a JSON value and the name of a template. The value holds the API's own value in the
 * member "result"; what stands beside it only a page needs. */
#ifndef SCHEDARIO_PAGE_H
#define SCHEDARIO_PAGE_H

#include <jansson.h>

#include "../http/address.h"
#include "../http/http.h"
#include "../service.h"
#include "../trouble.h"

typedef struct {
    Service *service;           /* borrowed */
    TemplateSet *templates;     /* those in force when the page was begun; owned */
    const HttpRequest *request; /* borrowed */
    const char *language;       /* "it" or "en"; static storage */
    gboolean is_explicit;       /* the address says the language: links say it too */
    const char *list_page;      /* the parameter that says which page of a list the reader is on, or
                                 * came from: links to documents keep it, and the list's filters;
                                 * NULL: there is no list */
    json_t *value;              /* owned */
} Page;

/* Begins a page of a section of the site ("search", "documents", "status", "help", or "" for none).
 * With `keeps_address` the page may be had in the other language at the same address; without, as
 * for errors, nothing of the request appears in it. */
void page_init(Page *page, const HttpRequest *request, Service *service, const char *section,
               gboolean keeps_address);
void page_release(Page *page);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_release)

/* Renders the template; its title and description are the messages NAME_title and
 * NAME_description. Never NULL. */
HttpResponse *page_response(const Page *page, guint status, const char *name);

/* Errors as pages: the messages error_STATUS_*; 503 as TROUBLE_BUSY. The error is freed. Never
 * NULL. */
HttpResponse *page_error(const HttpRequest *request, Service *service, guint status);
/* 503: the messages error_503_TROUBLE_*. */
HttpResponse *page_trouble(const HttpRequest *request, Service *service, Trouble trouble);
/* The trouble that an error comes to (service_trouble). */
HttpResponse *page_unavailable(const HttpRequest *request, Service *service, GError *error);
HttpResponse *page_bad_value(const HttpRequest *request, Service *service, GError *error);
/* To another address on this server, which is taken. */
HttpResponse *page_see_other(char *address);

/* Members; `object` is often page->value. Texts and values are taken by the _take forms. */
void page_set_text(json_t *object, const char *key, const char *text);
void page_take_text(json_t *object, const char *key, char *text);

/* Links: the language is added when the address gave it. Owned by the caller. */
char *page_address_take(const Page *page, Address *address);
char *page_search_link(const Page *page, const char *typed);
/* A document, or with a `number` (0: none) a page of it. The question `typed` (NULL: none), how it
 * is to be read, and the list that led here are kept, so that every page of a document knows the
 * way back. To a page with `typed`, the link leads to its first match. */
Address page_document_address(const Page *page, const char *id, guint number, const char *typed);
char *page_document_link(const Page *page, const char *id, guint number, const char *typed);

/* Words: the message PREFIX + NAME, where bytes of NAME that a key cannot have count as '_', over
 * `value` (NULL: nothing). NULL when there is none. Owned by the caller. */
char *page_word(const Page *page, const char *prefix, const char *name, const json_t *value);

/* The page number n of "page=", from 1; FALSE and `error` when it is no number. */
gboolean page_number(const HttpRequest *request, guint *ret_number, GError **error);
enum { PAGE_NUMBER_MOST = 100000 };
/* Links to the pages of a list of `total` things, `per_page` at a time, of which page `number` is
 * shown; `names`: parameters to keep. Sets "pager" when there is more than one page. */
void page_set_pager(Page *page, const char *path, const char *names, guint number, guint total,
                    guint per_page);

#endif
