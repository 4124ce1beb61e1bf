# Kith's tasks; `make help` lists them. A machine brings Go, Node and make: the
# rest is found or installed by the targets.
GO ?= go
NPM ?= npm

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
TOOL = $(GO) tool -modfile=tools/go.mod

UI = web/app
MODULES = node_modules/.package-lock.json
TEST_MODULES = test/browser/$(MODULES) test/sdk/oauth/$(MODULES) test/sdk/v3/$(MODULES)
UI_BUILT = $(UI)/dist/index.html
UI_SOURCES := $(shell find $(UI) -type f -not -path "*/node_modules/*" -not -path "*/dist/*" 2>/dev/null) web/public/static/tokens.css web/public/static/icon.svg

.PHONY: help run test soak lint check build bench

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "%-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## all set-up, then serve on http://localhost:8080 with data in ./kith-data
	@exec bin/kith serve

build: $(UI_BUILT) ## bin/kith, with the UI inside
	$(GO) build -ldflags "-X main.version=$(VERSION)" -o bin/kith ./cmd/kith

%/$(MODULES): %/package.json %/package-lock.json
	$(NPM) ci --prefix $* --no-audit --no-fund
	@touch $@

$(UI_BUILT): $(UI)/$(MODULES) $(UI_SOURCES)
	$(NPM) run build --prefix $(UI)
	@touch $@

# Nothing is left out for want of a server or a browser: the scripts bring them.
TESTS = KITH_TEST_REQUIRE=1 scripts/chromium.sh scripts/postgres.sh $(GO) test -shuffle=on -timeout 20m ./...

test: $(UI_BUILT) $(TEST_MODULES) ## all set-up, then every test: Go on SQLite and PostgreSQL, UI, browser
	$(NPM) test --prefix $(UI)
	KITH_TEST_SCALE=1 $(TESTS)

soak: $(UI_BUILT) $(TEST_MODULES) ## the same tests at full size
	KITH_TEST_SCALE=100 $(TESTS) -timeout 6h

lint: $(UI_BUILT) ## formatting, linters, generated files in step
	$(TOOL) golangci-lint run
	scripts/generated.sh $(GO) generate ./...
	$(NPM) run lint --prefix $(UI)

check: test lint ## make test, make lint, known vulnerabilities
	scripts/vulnerabilities.sh $(TOOL) govulncheck ./...

bench: SHELL = bash
bench: build ## what is measured, a line of JSON each
	@set -o pipefail; KITH_BENCH=1 KITH_TEST_BINARY=$(CURDIR)/bin/kith scripts/postgres.sh --durable $(GO) test -count=1 -timeout 2h -run TestFigures -v ./test/load | grep --line-buffered -e "^{" -e FAIL -e _test.go
