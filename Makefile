# Kith's tasks; `make help` lists them.
GO ?= go

.PHONY: help test lint check
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "%-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: ## every test
	$(GO) test -shuffle=on ./...

lint: ## formatting, vet, the one place that reads the time
	@bad=$$(gofmt -l cmd internal 2>/dev/null); test -z "$$bad" || { echo "not formatted: $$bad"; exit 1; }
	$(GO) vet ./...
	@bad=$$(grep -rln 'time\.Now()' --include='*.go' --exclude='*_test.go' internal | grep -v '^internal/base/clock/' || true); \
	 test -z "$$bad" || { echo "time.Now outside internal/base/clock: $$bad"; exit 1; }

check: test lint ## test and lint
