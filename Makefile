# Everything that is done to this project, by name. `make test` does it all, on a
# machine that has Go; what else it needs it installs, or says that it is missing.

SHELL := /bin/bash
FUZZINPUTS ?= 5000

.PHONY: help test deps build vet lint race alloc nocgo examples conformance e2e adminui screenshots fuzz bench bench-smoke count

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

test: ## everything below, in this order
	@scripts/step deps build vet lint race alloc nocgo examples conformance e2e fuzz bench-smoke count

deps: ## install the Debian packages that are missing
	@scripts/deps

build: ## compile every package
	go build ./...

vet: ## go vet
	go vet ./...

lint: bin/golangci-lint ## golangci-lint by .golangci.yml
	bin/golangci-lint run ./...

bin/golangci-lint: tools/go.mod
	cd tools && go build -o ../bin/golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint

race: ## all tests under the race detector
	@scripts/race

alloc: ## the allocation budgets, which the race detector would spoil
	go test -count=1 -run Alloc ./...

nocgo: ## what is another program without a C compiler, tested as that
	@scripts/nocgo

examples: ## run every example
	@scripts/examples

conformance: ## metrics against Prometheus' parsers and linter, admin against its OpenAPI description
	cd metrics/conformance && go vet ./... && go test -count=1 -timeout 5m ./...
	cd admin/conformance && go vet ./... && go test -count=1 -timeout 5m ./...

e2e: e2e/node_modules/axe-core ## the page in a real browser
	cd e2e && go vet ./... && go test -count=1 -timeout 15m $$(go list ./... | grep -v /budget)
	@$(MAKE) --no-print-directory adminui # alone: it measures times

adminui: e2e/node_modules/axe-core ## what the page costs beside what it may, in one line
	@cd e2e/budget && go test -count=1 -timeout 10m

OUT ?= screenshots
screenshots: ## pictures of every screen into OUT, and those of the README
	cd e2e && SYSLOG_SHOTS=$(abspath $(OUT)) go test -count=1 -timeout 15m -run '^TestShots$$' .
	cp $(OUT)/explorer-en-light.png docs/explorer.png
	cp $(OUT)/explorer-fr-dark.png docs/explorer-dark.png

e2e/node_modules/axe-core: e2e/package-lock.json
	cd e2e && npm ci --ignore-scripts --no-audit --no-fund && touch node_modules/axe-core

fuzz: ## each fuzz target for FUZZINPUTS inputs
	@scripts/fuzz $(FUZZINPUTS)

BENCH ?= all
bench: ## run the comparisons of benchmarks/ and write RESULTS.md; BENCH=NAME is one
	cd benchmarks && go run . -out RESULTS.md $(BENCH)

bench-smoke: ## each benchmark and comparison once, to see that it runs
	go test -run '^$$' -bench . -benchtime 1x ./...
	cd benchmarks && go vet ./... && go test -count=1 -timeout 10m ./...

count: ## what the race run tested; fails if something was skipped
	@scripts/count bin/race.json
