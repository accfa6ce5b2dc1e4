# Everything a developer of Glacis does, by name. `make help` lists it.
#
# It needs Go (see go.mod) and, for the race detector, a C compiler. Tools are
# installed at pinned versions below .cache, which `make clean` removes.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

GO ?= go
# Without cgo, as the programs are shipped; tests, lint and cross builds then share
# what was compiled. Only the race detector needs it.
export CGO_ENABLED ?= 0
CACHE := $(CURDIR)/.cache
YAEGI_VERSION := v0.16.1
STATICCHECK_VERSION := v0.8.2
YAEGI := $(CACHE)/yaegi-$(YAEGI_VERSION)/yaegi
STATICCHECK := $(CACHE)/staticcheck-$(STATICCHECK_VERSION)/staticcheck

# Training data and benchmark requests live beside the repository, never in it.
SHARED ?= ../shared
CORPORA ?= $(SHARED)/corpora
BENCH_REQUESTS ?= $(SHARED)/bench_requests.jsonl

# Version and day are part of a model's bytes, so they are given, not taken
# from the clock.
MODEL_VERSION ?= 1.2.0
MODEL_CREATED ?= 2026-11-22
ADVANCED := build/glacis-advanced-model.tgz
# As many weights as pack into a ConfigMap of Kubernetes, which holds 1 MiB.
ADVANCED_SLOTS := 3932160
# A folder of requests to train on twice; the repository's own are few.
CHECK ?= models/train/testdata

FUZZTIME ?= 20s
BENCH ?= .
BENCHTIME ?= 1s
COUNT ?= 1
ONESHOT ?=

# Modules of their own below the root, so that the main go.mod stays small.
NESTED := $(patsubst ./%/go.mod,%,$(shell find . -mindepth 2 -name go.mod -not -path './.*' -not -path './build/*'))
# Packages that interpreters and WebAssembly hosts run: no dependency but core.
PORTABLE := ./core/... ./models/basic/...
# Packages whose tests use goroutines; parts add theirs. Their long tests would
# only repeat themselves under the race detector, hence -short.
RACE := ./core ./agent ./policy/... ./plugins/kong/... ./cmd/...
# CI never trusts a cached result. Vetting is what lint does.
TESTFLAGS := -vet=off $(if $(CI),-count=1)

# Parts with targets of their own; each may add to TESTS, which `make test` runs.
TESTS :=
include $(wildcard mk/*.mk)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "variables: FUZZTIME=$(FUZZTIME) BENCH=$(BENCH) BENCHTIME=$(BENCHTIME) COUNT=$(COUNT) CORPORA=$(CORPORA)"

.PHONY: build
build: ## build bin/glacis
	$(GO) build -trimpath -o bin/glacis ./cmd/glacis

.PHONY: demo
demo: build ## protect a deliberately vulnerable shop on local ports (ONESHOT=1 ends by itself)
	@cd deploy/demo && ONESHOT=$(ONESHOT) exec $(GO) run ./play -glacis $(CURDIR)/bin/glacis

.PHONY: test
test: lint gateways test-go test-race test-nested test-cross test-yaegi $(TESTS) ## everything: lint, tests, race, nested modules, cross builds, yaegi

.PHONY: test-go
test-go: $(YAEGI) ## tests of the main module
	@echo "== go test"
	YAEGI=$(YAEGI) $(GO) test -timeout 20m $(TESTFLAGS) ./...

.PHONY: test-race
test-race: ## tests of the concurrent packages under the race detector
	@echo "== go test -race"
	@command -v "$$($(GO) env CC | cut -d' ' -f1)" >/dev/null || { echo "test-race: the race detector needs a C compiler ($$($(GO) env CC))" >&2; exit 1; }
	CGO_ENABLED=1 $(GO) test -race -short -timeout 20m $(TESTFLAGS) $(RACE)

.PHONY: test-nested
test-nested: ## tests of the nested modules
	@for m in $(NESTED); do echo "== go test in $$m"; (cd $$m && $(GO) test -timeout 20m $(TESTFLAGS) ./...); done

.PHONY: test-cross
test-cross: ## compile for every supported platform
	@echo "== cross builds"
	@for os in linux darwin; do for arch in amd64 arm64; do \
		echo "$$os/$$arch ./..."; GOOS=$$os GOARCH=$$arch $(GO) build ./...; done; done
	@echo "wasip1/wasm $(PORTABLE)"; GOOS=wasip1 GOARCH=wasm $(GO) build $(PORTABLE)

.PHONY: test-yaegi
test-yaegi: $(YAEGI) ## tests of the interpreted packages under yaegi test
	@echo "== yaegi test"
	@$(GO) run ./conformance/yaegi test -yaegi $(YAEGI)

.PHONY: lint
lint: $(STATICCHECK) ## gofmt, vet, staticcheck, constructs that yaegi breaks, file lengths
	@echo "== gofmt"
	@bad=$$(gofmt -l $$(tools/gofiles.sh)); [ -z "$$bad" ] || { echo "not formatted (gofmt -w):"; echo "$$bad"; exit 1; } >&2
	@echo "== file lengths"
	@tools/lines.sh
	@for m in . $(NESTED); do echo "== vet and staticcheck in $$m"; (cd $$m && $(GO) vet ./... && $(STATICCHECK) ./...); done
	@echo "== yaegi lint"
	@$(GO) run ./conformance/yaegi lint

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME
	@GO=$(GO) tools/fuzz.sh run $(FUZZTIME)

.PHONY: fuzz-list
fuzz-list: ## list the fuzz targets
	@GO=$(GO) tools/fuzz.sh list

.PHONY: bench
bench: ## benchmarks of the engine by kind of request (BENCH=regexp)
	@[ -f $(BENCH_REQUESTS) ] || echo "bench: no $(BENCH_REQUESTS): the sample in core/testdata is used" >&2
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -benchtime $(BENCHTIME) -count $(COUNT) ./core/...

.PHONY: bench-coraza
bench-coraza: ## the same requests through Coraza with CRS and libinjection, and the ratio
	@[ -f $(BENCH_REQUESTS) ] || echo "bench-coraza: no $(BENCH_REQUESTS): the sample in core/testdata is used" >&2
	@cd conformance/coraza && $(GO) run .

# What a target says where the training data is not there.
define NO_CORPORA
$@: no training data in $(CORPORA): set CORPORA to a folder with attack_*.jsonl.gz and benign_*.jsonl.gz.
To train on requests of your own (models/README.md says what they look like):
  bin/glacis model train --attacks attacks.jsonl --benign ours.jsonl --out ours.tgz
endef
export NO_CORPORA
HAVE_CORPORA = ls $(CORPORA)/attack_*.jsonl.gz >/dev/null 2>&1 || { echo "$$NO_CORPORA" >&2; exit 1; }
TRAIN = bin/glacis model train --model-version $(MODEL_VERSION) --created $(MODEL_CREATED) --sources models/sources.json

.PHONY: models
models: build ## train the basic and the advanced model, refresh golden verdicts and card (CORPORA)
	@$(HAVE_CORPORA)
	@mkdir -p build
	$(TRAIN) --corpora $(CORPORA) --kind basic --name basic --reserve --embed models/basic/model.go --summary build/basic.json --card-into models/README.md
	$(GO) test ./models -run Golden -update
	$(TRAIN) --corpora $(CORPORA) --kind advanced --name advanced --slots $(ADVANCED_SLOTS) --reserve --out $(ADVANCED) --card-into models/README.md
	$(MAKE) evasion
	bin/glacis model verify $(ADVANCED)
	@[ $$(wc -c < $(ADVANCED)) -lt 1048576 ] || { echo "models: $(ADVANCED) no longer fits into a ConfigMap: fewer ADVANCED_SLOTS" >&2; exit 1; }

.PHONY: models-check
models-check: build ## train small models twice, on one processor and on all, and compare the bytes (CHECK=folder)
	@mkdir -p build/check
	@for kind in basic advanced; do for run in 1 0; do \
		$$( [ $$run = 0 ] || echo env GOMAXPROCS=1 ) $(TRAIN) --quiet --corpora $(CHECK) --kind $$kind --name $$kind --slots 65536 --generated 20 \
			--out build/check/$$kind-$$run.tgz --card build/check/$$kind-$$run.md; done; \
		for what in tgz md; do sha256sum build/check/$$kind-?.$$what; \
			cmp build/check/$$kind-0.$$what build/check/$$kind-1.$$what || { echo "models-check: two runs differ" >&2; exit 1; }; done; done
	@echo "models-check: both runs gave the same bytes"

.PHONY: eval
eval: build ## true and false positives of the model a file and category (needs CORPORA)
	@$(HAVE_CORPORA)
	bin/glacis eval $(CORPORA)/attack_*.jsonl.gz $(CORPORA)/benign_*.jsonl.gz
	@echo; echo "These requests are the model's training data, so the rates flatter it. models/README.md has those of sources left out."

.PHONY: evasion
evasion: build ## rewrite attacks, guided by the score, and say how many get through (needs CORPORA)
	@$(HAVE_CORPORA)
	@mkdir -p build
	bin/glacis model evade --corpora $(CORPORA) --examples build/evading.jsonl --card-into models/README.md

.PHONY: clean
clean: ## remove what was built, and the tools
	rm -rf bin build $(CACHE)

$(YAEGI):
	@echo "== install yaegi $(YAEGI_VERSION)"
	@GOBIN=$(@D) $(GO) install github.com/traefik/yaegi/cmd/yaegi@$(YAEGI_VERSION)

$(STATICCHECK):
	@echo "== install staticcheck $(STATICCHECK_VERSION)"
	@GOBIN=$(@D) $(GO) install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)
