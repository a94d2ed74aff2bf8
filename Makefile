PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift

# More flags for every build, for example `make test FLAGS="-j 2"`.
FLAGS ?=

binaries = dspec dspec-replay
server = dspec-lsp
bin = $(DESTDIR)$(PREFIX)/bin
share = $(DESTDIR)$(PREFIX)/share

.DEFAULT_GOAL := help
.PHONY: help setup build demo test lint bench bench-rivals fuzz fuzz-bundles interop cross-check tcb install clean

help: ## Show this list
	@echo "usage: make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing
	@scripts/setup

build: setup ## Build dspec and dspec-replay, optimised
	@for name in $(binaries); do $(SWIFT) build -c release --product $$name $(FLAGS) || exit 1; done

demo: build ## Verify the digits example, replay its certificate, and reject a forgery
	@scripts/demo

test: setup ## Run all tests, optimised
	$(SWIFT) test -c release $(FLAGS)

lint: ## Check formatting and style
	@for file in Sources/ModelFormats/Schema/*.pb.swift; do \
	  head -n 10 "$$file" | grep -qx '// swift-format-ignore-file' || { \
	    echo "lint: $$file is generated and lacks \`// swift-format-ignore-file\` at its head" >&2; exit 1; }; \
	done
	$(SWIFT) format lint --strict -r Sources Tests Package.swift

bench: setup ## Measure the engine
	$(SWIFT) run -c release $(FLAGS) Benchmarks

bench-rivals: setup ## Measure the engine beside others (Python 3, PyPI; DSPEC_BENCH for ACAS Xu)
	@scripts/bench-rivals

fuzz: setup ## Feed the language broken and random texts for a minute
	$(SWIFT) run -c release $(FLAGS) Fuzz --seconds 60 --corpus examples

# How long `make fuzz-bundles` runs.
SECONDS ?= 60

fuzz-bundles: setup ## Replay changed certificates, half of them signed anew (SECONDS=60)
	$(SWIFT) run -c release $(FLAGS) FuzzBundles --seconds $(SECONDS)

interop: setup ## Compare with other implementations (needs Python 3 and PyPI)
	@scripts/interop

tcb: ## Count the lines that a reader of a certificate has to trust
	@scripts/tcb

cross-check: build ## Compare both checkers on certificates and on tampered copies (needs Python 3)
	@scripts/cross-check

install: build ## Install the binaries and shell completions under PREFIX (/usr/local)
	install -d "$(bin)" "$(share)/bash-completion/completions" "$(share)/zsh/site-functions" \
	  "$(share)/fish/vendor_completions.d" "$(share)/dspec"
	rm -rf "$(share)/dspec/std" && cp -R specs/std "$(share)/dspec/std"
	@for name in $(binaries); do \
	  built=.build/release/$$name; \
	  install -m 755 $$built "$(bin)/$$name" && \
	  $$built --generate-completion-script bash >"$(share)/bash-completion/completions/$$name" && \
	  $$built --generate-completion-script zsh >"$(share)/zsh/site-functions/_$$name" && \
	  $$built --generate-completion-script fish >"$(share)/fish/vendor_completions.d/$$name.fish" \
	  || exit 1; \
	  echo "installed $(bin)/$$name"; \
	done
	$(SWIFT) build -c release --product $(server) $(FLAGS)
	install -m 755 .build/release/$(server) "$(bin)/$(server)"

clean: ## Remove everything built
	rm -rf .build .build-*
