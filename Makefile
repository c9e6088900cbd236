# Every command works on a fresh Debian 12 machine, as root.
SHELL := /bin/bash
PREFIX ?= /usr/local
export PATH := $(PATH):/opt/swift/usr/bin:/usr/libexec/swift/bin
# Package.swift; one setting for every target that builds, or each would build anew.
export GEUSE_OPTIMIZED := 1
DEBUG := .build/debug/geusemaker
RELEASE := .build/release/geusemaker

.PHONY: docs demo test check build release install bench deps test-deps lab clean

# What building needs; quick when everything is there.
deps:
	@.ci/install-build

# What the tests need besides: a virtual environment and the lab's packages.
test-deps: deps
	@.ci/install-test

build: deps
	swift build

# A fixed address saves 87,000 relocations, a third of the time to start; docs/BENCHMARKS.md.
release: deps
	swift build -c release -Xswiftc -static-stdlib -Xlinker -no-pie -Xlinker -s --product geusemaker

install: release
	install -D -m 0755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/geusemaker

# The main job on the embedded sandbox; no AWS account, no network.
demo: build
	@.ci/demo $(DEBUG)

check: test-deps
	@.ci/check

test: test-deps
	@.ci/test

bench: release test-deps
	swift build -c release -Xswiftc -static-stdlib -Xlinker -no-pie -Xlinker -s --product bridge-bench
	@bench/run

clean:
	rm -rf .build .venv

# The reference of the Lua API, printed from its declarations; a test fails when it is stale.
docs: build
	@mkdir -p docs/types
	@{ cat docs/SCRIPTING.intro.md; $(DEBUG) script reference --markdown; echo; \
	  $(DEBUG) script reference --markdown --tests; } > docs/SCRIPTING.md
	@$(DEBUG) script reference --types > docs/types/geuse.lua
	@$(DEBUG) script reference --types --tests > docs/types/geuse_test.lua
