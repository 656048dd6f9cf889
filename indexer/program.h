/* Program: what the programs' mains share: the command line, and where the program stands.
 *
 * What is printed, and with which exit code a program ends, stays with the mains. */
#ifndef SCHEDARIO_PROGRAM_H
#define SCHEDARIO_PROGRAM_H

#include <glib.h>

/* Parses the command line by `entries` (ended by G_OPTION_ENTRY_NULL) and takes what it used out of
 * `argc` and `argv`. Returns the help text, with `description` at its end, for a main that finds
 * the values impossible; owned by the caller. NULL and `error` (G_OPTION_ERROR) on wrong usage. For
 * "--help" it prints the help and ends the program, as GLib does. */
char *program_options(const GOptionEntry *entries, const char *description, int *argc, char ***argv,
                      GError **error);

/* The folder that the running program's file is in; "." when the system does not tell. Owned by
 * the caller. */
char *program_folder(void);

/* Where schedario-reader should be: `given` (NULL: not), else beside the running program, else
 * where it was installed. Whether it is there is not said. Owned by the caller. */
char *program_reader(const char *given);

#endif
