/* Runs a fuzz target over the files named on the command line: seeds and past crashes, in the
 * ordinary tests, without a fuzzer. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        g_autofree char *content = NULL;
        gsize length = 0;
        g_autoptr(GError) error = NULL;
        if (!g_file_get_contents(argv[i], &content, &length, &error)) {
            fprintf(stderr, "%s\n", error->message);
            return 1;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)content, length);
    }
    printf("%d inputs\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
