# Kith's tasks; `make help` lists them.
GO ?= go

.PHONY: help test soak lint check
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "%-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Nothing is left out for want of a server: the script brings one.
TESTS = KITH_TEST_REQUIRE=1 scripts/postgres.sh $(GO) test -shuffle=on ./...

test: ## every test, on SQLite and on a PostgreSQL server of its own
	KITH_TEST_SCALE=1 $(TESTS)

soak: ## the same tests on a hundred times the data
	KITH_TEST_SCALE=100 $(TESTS)

lint: ## formatting, vet, the one place that reads the time
	@bad=$$(gofmt -l cmd internal 2>/dev/null); test -z "$$bad" || { echo "not formatted: $$bad"; exit 1; }
	$(GO) vet ./...
	@bad=$$(grep -rln 'time\.Now()' --include='*.go' --exclude='*_test.go' internal | grep -v '^internal/base/clock/' || true); \
	 test -z "$$bad" || { echo "time.Now outside internal/base/clock: $$bad"; exit 1; }

check: test lint ## test and lint
