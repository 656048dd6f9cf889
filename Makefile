# Schedario: build, test, run, install. `make help` lists the targets.
#
# Knobs, as make variables (make CC=clang test):
#   CC            compiler (gcc or clang)
#   OPTIMISE      optimisation and debug flags (-O2 -g)
#   WERROR        -Werror; empty it when packaging for a compiler we do not know
#   SANITIZE      e.g. address,undefined; builds into a folder of its own
#   COVERAGE      1 to count which lines run, into BUILD/profiles (clang only)
#   FILE          coverage: show the lines of this file that no test runs
#   BUILD         where everything that is made goes (build)
#   PREFIX        where it is installed (/usr/local), below DESTDIR
#   LISTEN        where `make run` listens (127.0.0.1:8080)
#   CORPUS        the folder of documents (corpus)
#   ARCHIVE       the archive's file (archive.db)
#   DATA          a folder of measuring data, for the bench targets
#   TORTURE       torture: names of the long tests to run (all)
#   SET, RUNS     bench-retrieval: one set only; a folder for what was answered
#   SIZE          bench-search: documents of the synthetic archive (15000)
#   SKIP_BUILD, FRESH   bench-search: 1 to measure ours as it stands; 1 to build Xapian's anew, too
#   FUZZ, FUZZ_SECONDS, FUZZ_JOBS   fuzz: one target only (query); seconds a target (60); how many at a time (1)
#   FUZZ_CORPORA  fuzz: where the inputs that it finds are kept (schedario-fuzz in the folder for temporary files)

CC       = gcc
OPTIMISE = -O2 -g
WERROR   = -Werror
SANITIZE =
COVERAGE =
FILE     =
BUILD    = build$(if $(SANITIZE),/sanitize)
PREFIX   = /usr/local
LISTEN   = 127.0.0.1:8080
CORPUS   = corpus
ARCHIVE  = archive.db
DATA     =
SET      =
RUNS     =
SIZE     = 15000
FUZZ     =
FUZZ_SECONDS = 60
FUZZ_JOBS    = 1
FUZZ_CORPORA =
CXX      = g++
VERSION  = 0.1.0

# Debian packages, by what they are for. `make packages` installs those that are missing.
PACKAGES_BUILD  = gcc libc6-dev make pkg-config libglib2.0-dev libmagic-dev libpoppler-glib-dev \
                  libcairo2-dev libpng-dev libsqlite3-dev libstemmer-dev libmicrohttpd-dev libjansson-dev \
                  libzstd-dev zlib1g-dev libseccomp-dev poppler-data linux-libc-dev $(PACKAGES_DICTIONARY)
PACKAGES_DICTIONARY = dict-freedict-ita-eng dict-freedict-eng-ita apertium-eng-spa \
                      apertium-spa-ita apertium-eng-cat apertium-cat-ita
PACKAGES_TEST   = libcmocka-dev nodejs npm chromium fonts-dejavu-core qpdf node-ajv poppler-utils bibutils \
                  libxml2-utils procps sqlite3 mount systemd
PACKAGES_CORPUS = weasyprint python3-pil python3-pyphen hyphen-it poppler-utils fontconfig \
                  fonts-liberation fonts-crosextra-carlito fonts-crosextra-caladea
PACKAGES_CLANG  = clang libclang-rt-14-dev clang-format llvm
PACKAGES_LINT   = clang-tidy cppcheck valgrind
PACKAGES_BENCH  = g++ libxapian-dev

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

# What is built from what

INDEXER_SOURCES := $(filter-out indexer/main.c,$(wildcard indexer/*.c))
INDEXER_DATA    := $(wildcard indexer/*.S)
READER_SOURCES  := $(filter-out indexer/reader/main.c,$(wildcard indexer/reader/*.c))
SERVER_SOURCES  := $(filter-out server/main.c,$(wildcard server/*.c server/*/*.c))
UNIT_TESTS      := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test-*.c))
FUZZ_TARGETS    := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz-*.c))
PROGRAMS        := $(addprefix $(BUILD)/,schedario-indexer schedario-reader schedario-server)

objects = $(patsubst %,$(BUILD)/objects/%.o,$(1))
comma = ,

LIB_INDEXER = $(BUILD)/libindexer.a
LIB_READER  = $(BUILD)/libreader.a
LIB_SERVER  = $(BUILD)/libserver.a

# Asked for only when something is compiled, so that `make packages` runs without any of it, and then
# once (the variable replaces itself by its value).
pkg = $(shell pkg-config $(1) $(2))
once = $(eval $(1) := $(2))$($(1))
SYSTEM_CFLAGS = $(call once,SYSTEM_CFLAGS,$(subst -I,-isystem ,$(call pkg,--cflags-only-I,\
                glib-2.0 gio-2.0 poppler-glib cairo libpng sqlite3 libmicrohttpd jansson libzstd zlib)))
LIBS_INDEXER = $(call pkg,--libs,glib-2.0 sqlite3 jansson libzstd libseccomp) -lstemmer -lm
LIBS_READER  = $(call pkg,--libs,glib-2.0 poppler-glib cairo libpng libseccomp) -lmagic -lm
LIBS_SERVER  = $(call pkg,--libs,glib-2.0 sqlite3 jansson libzstd libmicrohttpd zlib libseccomp) -lstemmer -lm

WARNINGS = -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes $(WERROR)
HARDENING = -fstack-protector-strong -fPIE $(if $(SANITIZE),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
SANITIZERS = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
# Counts go straight into files that are mapped from the start, so that nothing has to be written at
# the end: programs are killed, and may not open files any more.
PROFILES = $(abspath $(BUILD))/profiles
COUNTING = $(if $(COVERAGE),-fprofile-instr-generate=$(PROFILES)/%m%c.profraw -fcoverage-mapping \
           -mllvm -runtime-counter-relocation=true)
DEFINES = -D_GNU_SOURCE -DSCHEDARIO_VERSION='"$(VERSION)"' $(if $(COVERAGE),-DSCHEDARIO_PROFILES='"$(PROFILES)"') \
          -include indexer/banned.h
COMPILE = $(CC) -std=c17 $(DEFINES) $(OPTIMISE) $(WARNINGS) $(HARDENING) $(SANITIZERS) $(COUNTING) $(CFLAGS)
LINK = $(CC) $(OPTIMISE) $(SANITIZERS) $(if $(COVERAGE),-fprofile-instr-generate) -pie -Wl,-z,relro,-z,now $(LDFLAGS)

# For making by its own call: on all cores, unless this make was told on how many.
ON_ALL_CORES = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: all help packages packages-test packages-corpus packages-bench packages-clang run test check asan coverage tsan valgrind lint \
        packages-lint fuzz torture format \
        check-format check-headers install corpus language-model clean \
        bench-language bench-index bench-pages bench-retrieval bench-search

all: $(PROGRAMS) ## build the three programs

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

# Packages: named before anything is installed; sudo only when needed and there

missing = dpkg-query -W -f='$${db:Status-Status} $${Package}\n' $(1) 2>/dev/null | \
          awk '$$1 == "installed" { print $$2 }' | sort > $(BUILD)/installed.$@; \
          printf '%s\n' $(1) | sort | comm -23 - $(BUILD)/installed.$@
define install_packages
	@mkdir -p $(BUILD)
	@set -e; lacking=$$($(call missing,$(1))); rm -f $(BUILD)/installed.$@; \
	for tool in nodejs:node npm:npm gcc:gcc clang:clang make:make; do \
	  if command -v $${tool#*:} >/dev/null 2>&1; then \
	    lacking=$$(printf '%s\n' $$lacking | grep -vx "$${tool%%:*}" || true); fi; done; \
	if [ -n "$$lacking" ]; then \
	  echo "Installing these Debian packages:" $$lacking; \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  if [ -n "$$sudo" ] && ! command -v sudo >/dev/null; then \
	    echo "They are missing, and neither root nor sudo is to be had: ask your administrator." >&2; exit 1; fi; \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq; \
	  $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$lacking >/dev/null; \
	fi
endef

packages: ## install the Debian packages that building and running need
	$(call install_packages,$(PACKAGES_BUILD))
packages-test:
	$(call install_packages,$(PACKAGES_BUILD) $(PACKAGES_TEST))
	@$(MAKE) --no-print-directory tests/browser/node_modules/.package-lock.json
tests/browser/node_modules/.package-lock.json: tests/browser/package-lock.json
	@echo "  NPM   tests/browser"
	@cd tests/browser && npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@
packages-corpus:
	$(call install_packages,$(PACKAGES_CORPUS))
packages-bench:
	$(call install_packages,$(PACKAGES_BUILD) $(PACKAGES_BENCH))
packages-lint:
	$(call install_packages,$(PACKAGES_BUILD) $(PACKAGES_TEST) $(PACKAGES_LINT))
packages-clang:
	$(call install_packages,$(PACKAGES_BUILD) $(PACKAGES_TEST) $(PACKAGES_CLANG))
	@$(MAKE) --no-print-directory tests/browser/node_modules/.package-lock.json

# Running

run: packages ## install what is missing, build, index CORPUS, serve it at LISTEN and watch
	@$(MAKE) --no-print-directory $(ON_ALL_CORES) all
	@exec server/run $(BUILD) "$(ARCHIVE)" "$(CORPUS)" "$(LISTEN)"

# Compiling

$(BUILD)/objects/%.c.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(COMPILE) $(if $(filter tests/unit/% tests/fuzz/% tests/lint/%,$<),-Wno-missing-prototypes) -MMD -MP $(SYSTEM_CFLAGS) -c -o $@ $<

$(BUILD)/objects/%.S.o: %.S
	@mkdir -p $(@D)
	@echo "  AS    $<"
	@$(CC) -MMD -MP -I $(dir $<) -I $(BUILD) -c -o $@ $<

$(BUILD)/objects/indexer/language_model.S.o: indexer/language_model.bin
$(BUILD)/objects/indexer/thesaurus_data.S.o: indexer/thesaurus.tsv
$(BUILD)/objects/indexer/dictionary_data.S.o: $(BUILD)/dictionary.bin

$(LIB_INDEXER): $(call objects,$(INDEXER_SOURCES) $(INDEXER_DATA))
$(LIB_READER): $(call objects,$(READER_SOURCES))
$(LIB_SERVER): $(call objects,$(SERVER_SOURCES))
$(LIB_INDEXER) $(LIB_READER) $(LIB_SERVER):
	@rm -f $@
	@echo "  AR    $@"
	@ar rcs $@ $^

$(BUILD)/schedario-indexer: $(call objects,indexer/main.c) $(LIB_INDEXER) $(LIB_READER)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS_INDEXER)
$(BUILD)/schedario-reader: $(call objects,indexer/reader/main.c) $(LIB_READER)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS_READER)
$(BUILD)/schedario-server: $(call objects,server/main.c) $(LIB_SERVER) $(LIB_INDEXER) $(LIB_READER)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS_SERVER)

# The general dictionary, from other packages' dictionaries: their files may be missing, which the
# maker explains better than make would

DICTD    = /usr/share/dictd
APERTIUM = /usr/share/apertium
MAKER_SOURCES := $(wildcard indexer/dictionary/*.c)
$(BUILD)/make-dictionary: $(call objects,$(MAKER_SOURCES) indexer/analysis.c indexer/stems.c indexer/fts5.c indexer/language.c indexer/language_model.c indexer/language_model.S)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(call pkg,--libs,glib-2.0 sqlite3 zlib) -lstemmer -lm
$(BUILD)/dictionary.bin: $(BUILD)/make-dictionary indexer/dictionary.tsv $(wildcard $(DICTD)/freedict-ita-eng.* \
                         $(DICTD)/freedict-eng-ita.* $(APERTIUM)/apertium-*/*.auto*.bin)
	@echo "  MAKE  $@"
	@$< $(DICTD) $(APERTIUM) indexer/dictionary.tsv $@

# Tests

UNIT_PROGRAMS = $(addprefix $(BUILD)/tests/,$(UNIT_TESTS))
FUZZ_REPLAYS  = $(addprefix $(BUILD)/tests/replay-,$(FUZZ_TARGETS))

$(BUILD)/tests/test-%: $(BUILD)/objects/tests/unit/test-%.c.o $(LIB_SERVER) $(LIB_INDEXER) $(LIB_READER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ -lcmocka $(LIBS_SERVER) $(LIBS_READER) $(call pkg,--libs,cairo)
$(BUILD)/tests/replay-%: $(BUILD)/objects/tests/fuzz/%.c.o $(BUILD)/objects/tests/fuzz/replay.c.o $(LIB_SERVER) $(LIB_INDEXER) $(LIB_READER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ -lcmocka $(LIBS_SERVER) $(LIBS_READER)
$(BUILD)/tests/fuzz-%: $(BUILD)/objects/tests/fuzz/fuzz-%.c.o $(LIB_SERVER) $(LIB_INDEXER) $(LIB_READER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -fsanitize=fuzzer -o $@ $^ -lcmocka $(LIBS_SERVER) $(LIBS_READER)
$(BUILD)/tests/without: $(BUILD)/objects/tests/unit/without.c.o $(LIB_READER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(call pkg,--libs,glib-2.0 libseccomp)
$(BUILD)/tests/fake-reader: $(BUILD)/objects/tests/unit/fake-reader.c.o $(LIB_READER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS_READER)

# For killing, faults and comparing: the indexer with a shim under its SQLite, and what prints an archive
TORTURE_PROGRAMS = $(addprefix $(BUILD)/tests/,faulty-indexer dump)
$(BUILD)/tests/faulty-indexer: $(call objects,indexer/main.c tests/torture/faults.c) $(LIB_INDEXER) $(LIB_READER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -Wl,--wrap=rename,--wrap=g_get_real_time -o $@ $^ $(LIBS_INDEXER)
$(BUILD)/tests/dump: $(call objects,tests/torture/dump.c) $(LIB_INDEXER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS_INDEXER)

test: packages-clang ## install what the tests need, build, run every test as built and with sanitizers, print the counts
	@$(MAKE) --no-print-directory $(ON_ALL_CORES) test-build
	@$(MAKE) --no-print-directory sanitized
	@BUILD=$(BUILD) SANITIZED=$(SANITIZED) tests/run
check: packages-test ## every test as built, without sanitizers: a third of the time of `make test`
	@$(MAKE) --no-print-directory $(ON_ALL_CORES) test-build
	@BUILD=$(BUILD) tests/run

.PHONY: test-build
test-build: all check-headers $(UNIT_PROGRAMS) $(FUZZ_REPLAYS) $(BUILD)/tests/fake-reader $(BUILD)/tests/without $(TORTURE_PROGRAMS)

# The same programs built once more, by clang, with what watches them and counts the lines that run
SANITIZED = $(BUILD)/sanitize
.PHONY: sanitized
sanitized:
	@rm -rf $(SANITIZED)/profiles
	@$(MAKE) --no-print-directory $(ON_ALL_CORES) CC=clang BUILD=$(SANITIZED) SANITIZE=address,undefined COVERAGE=1 OPTIMISE='-O1 -g' \
	  test-build
	@# Nothing else runs the maker of the dictionary; what it makes is the same every time.
	@$(SANITIZED)/make-dictionary $(DICTD) $(APERTIUM) indexer/dictionary.tsv $(SANITIZED)/dictionary.again
	@cmp $(SANITIZED)/dictionary.bin $(SANITIZED)/dictionary.again
asan: packages-clang sanitized ## every test with the address and undefined-behaviour sanitizers only; what they cover
	@SANITIZED=$(SANITIZED) BUILD= tests/run
coverage: ## lines that the tests run, by file, after `make test`; FILE=...: those of it that none runs
	@node tests/coverage.mjs $(SANITIZED) $(or $(FILE),all)

# Races: GLib's locks are made known to the sanitizer, which does not see them (tests/lint/threads.c)
THREADS = g_mutex_lock g_mutex_unlock g_cond_wait g_cond_wait_until g_async_queue_push_front g_async_queue_try_pop \
          g_thread_pool_new g_thread_pool_push g_thread_pool_free g_atomic_ref_count_dec
THREADED = $(BUILD)/thread
THREADED_BUILD = $(MAKE) --no-print-directory $(ON_ALL_CORES) BUILD=$(THREADED) SANITIZE=thread OPTIMISE='-O1 -g'
tsan: packages-test ## the unit and integration tests with the thread sanitizer
	@$(THREADED_BUILD) $(THREADED)/objects/tests/lint/threads.c.o
	@$(THREADED_BUILD) LDFLAGS="$(THREADED)/objects/tests/lint/threads.c.o $(addprefix -Wl$(comma)--wrap=,$(THREADS))" test-build
	@G_SLICE=always-malloc TSAN_OPTIONS="suppressions=$(CURDIR)/tests/lint/threads.supp exitcode=66 report_thread_leaks=0" \
	  LEFT_OUT=tests/lint/not-under-tsan BUILD=$(THREADED) tests/run unit integration

valgrind: packages-test packages-lint ## the unit tests under valgrind
	@$(MAKE) --no-print-directory $(ON_ALL_CORES) test-build
	@G_SLICE=always-malloc LEFT_OUT=tests/lint/not-under-valgrind BUILD=$(BUILD) UNDER="valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite \
	  --show-leak-kinds=definite --error-exitcode=99 --suppressions=tests/lint/valgrind.supp" tests/run unit

torture: packages-test ## the long tests: kills, faults, load, damaged PDFs … (TORTURE="load kill": those alone)
	@$(MAKE) --no-print-directory $(ON_ALL_CORES) test-build
	@BUILD=$(BUILD) DATA="$(DATA)" tests/torture/run $(TORTURE)

fuzz: packages-clang ## run the fuzz targets, FUZZ_SECONDS each, with the sanitizers
	@$(MAKE) --no-print-directory $(ON_ALL_CORES) CC=clang BUILD=$(BUILD)/fuzz SANITIZE=fuzzer-no-link,address,undefined \
	  OPTIMISE='-O1 -g -fno-sanitize-recover=all' fuzz-build
	@BUILD=$(BUILD)/fuzz FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_JOBS=$(FUZZ_JOBS) FUZZ_CORPORA="$(FUZZ_CORPORA)" \
	  tests/fuzz/run $(FUZZ)
.PHONY: fuzz-build
fuzz-build: $(addprefix $(BUILD)/tests/,$(if $(FUZZ),fuzz-$(FUZZ),$(FUZZ_TARGETS)))

# Checks of the house

C_FILES = $(wildcard indexer/*.[ch] indexer/dictionary/*.[ch] indexer/reader/*.[ch] server/*.[ch] server/*/*.[ch] tests/*/*.[ch])
HEADERS = $(wildcard indexer/*.h indexer/dictionary/*.h indexer/reader/*.h server/*.h server/*/*.h)

format: packages-clang ## put all C files into the house's form
	clang-format -i $(C_FILES)
check-format: packages-clang ## say which C files are not in the house's form
	@clang-format --dry-run -Werror $(C_FILES)

check-headers: $(BUILD)/headers.checked ## every header compiles alone; layers point one way
$(BUILD)/headers.checked: $(HEADERS) tests/check-layers
	@mkdir -p $(BUILD)
	@for header in $(HEADERS); do \
	  $(COMPILE) $(SYSTEM_CFLAGS) -x c -fsyntax-only -include $$header /dev/null || exit 1; done
	@tests/check-layers
	@touch $@

# Static analysis: .clang-tidy and .cppcheck-suppressions say what is asked, and why not more

LINTED = $(wildcard indexer/*.c indexer/dictionary/*.c indexer/reader/*.c server/*.c server/*/*.c)
lint: packages-lint check-headers check-format ## the house's form, cppcheck and clang-tidy over indexer/ and server/
	@mkdir -p $(BUILD)/cppcheck
	@echo "  LINT  cppcheck"
	@cppcheck --quiet -j$(shell nproc) --std=c11 --library=gtk --library=posix --error-exitcode=1 --inline-suppr \
	  --enable=warning,performance,portability,style --suppressions-list=.cppcheck-suppressions \
	  --include=indexer/banned.h --include=tests/lint/cppcheck.h -D_GNU_SOURCE '-DSCHEDARIO_VERSION="$(VERSION)"' \
	  --cppcheck-build-dir=$(BUILD)/cppcheck indexer server
	@$(MAKE) --no-print-directory $(ON_ALL_CORES) -k $(patsubst %,$(BUILD)/tidy/%.clean,$(LINTED))
$(BUILD)/tidy/%.clean: % .clang-tidy $(HEADERS)
	@mkdir -p $(@D)
	@echo "  TIDY  $<"
	@clang-tidy --quiet $< -- -std=c17 $(DEFINES) $(SYSTEM_CFLAGS) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@

# Installing

install: all ## install below DESTDIR and PREFIX, with systemd units
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/schedario \
	  $(DESTDIR)$(PREFIX)/share/schedario/web $(DESTDIR)$(PREFIX)/share/doc/schedario \
	  $(DESTDIR)$(PREFIX)/lib/systemd/system $(DESTDIR)$(PREFIX)/lib/sysusers.d
	install -m 755 $(BUILD)/schedario-indexer $(BUILD)/schedario-server $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(BUILD)/schedario-reader $(DESTDIR)$(PREFIX)/libexec/schedario/
	for folder in templates messages assets; do \
	  install -d $(DESTDIR)$(PREFIX)/share/schedario/web/$$folder && \
	  install -m 644 web/$$folder/* $(DESTDIR)$(PREFIX)/share/schedario/web/$$folder/; done
	install -m 644 README.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/schedario/
	install -m 644 server/systemd/schedario.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/schedario.conf
	for unit in schedario-indexer schedario-server; do \
	  sed 's|@PREFIX@|$(PREFIX)|g' server/systemd/$$unit.service.in \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit.service; done

# Samples and models

corpus: packages-corpus ## make the sample documents again from their sources
	tests/samples/make-corpus corpus
language-model: ## train the language model again (long; downloads text packages)
	tests/language-model/train

# Benches

bench-language: packages-test ## language by run, on DATA/sentences.tsv
	@$(MAKE) --no-print-directory $(BUILD)/tests/bench-language
	@$(BUILD)/tests/bench-language $(DATA)
$(BUILD)/tests/bench-language: $(BUILD)/objects/tests/bench/bench-language.c.o $(LIB_INDEXER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS_INDEXER)

bench-index: packages-test ## indexing of CORPUS beside pdftotext on all cores
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) tests/bench/bench-index "$(CORPUS)"

bench-pages: packages-test ## images of all pages of CORPUS over HTTP, first time and from the cache
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) node tests/bench/bench-pages.mjs "$(CORPUS)"

bench-retrieval: packages-test ## ranking on the sets in DATA, through the real programs
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) node tests/bench/bench-retrieval.mjs "$(DATA)" $(if $(SET),--set "$(SET)") $(if $(RUNS),--runs "$(RUNS)")

BENCH_SEARCH = $(addprefix $(BUILD)/tests/,bench-search-build bench-search-ask bench-http)
bench_objects = $(call objects,$(patsubst %,tests/bench/%,$(1)))
bench-search: packages-bench ## search beside Xapian on a synthetic archive, then over HTTP on CORPUS
	@$(MAKE) --no-print-directory all $(BENCH_SEARCH)
	@BUILD=$(BUILD) SIZE=$(SIZE) SKIP_BUILD=$(SKIP_BUILD) FRESH=$(FRESH) tests/bench/bench-search "$(CORPUS)"
$(BUILD)/objects/%.cc.o: %.cc
	@mkdir -p $(@D)
	@echo "  CXX   $<"
	@$(CXX) -std=c++17 $(OPTIMISE) -Wall -Wextra -Wshadow $(WERROR) $(HARDENING) $(SANITIZERS) -MMD -MP -c -o $@ $<
$(BUILD)/tests/bench-search-build: $(call bench_objects,bench-search-build.c synthetic.c xapian-side.cc) $(LIB_INDEXER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS_INDEXER) -lxapian -lstdc++
$(BUILD)/tests/bench-search-ask: $(call bench_objects,bench-search-ask.c search-questions.c synthetic.c xapian-side.cc) $(LIB_SERVER) $(LIB_INDEXER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS_SERVER) -lxapian -lstdc++
$(BUILD)/tests/bench-http: $(call bench_objects,bench-http.c) $(LIB_INDEXER)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(LINK) -o $@ $^ $(LIBS_INDEXER)

clean: ## remove what was built
	rm -rf build

-include $(shell find $(BUILD)/objects -name '*.d' 2>/dev/null)
