LOAD ?= 30
LOAD_RATE ?= 0

.PHONY: bench-store
bench-store: ## observations through the sidecar's store on one core, for LOAD seconds, LOAD_RATE a second (0: all that it takes), and its memory
	GLACIS_LOAD=$(LOAD) GLACIS_LOAD_RATE=$(LOAD_RATE) $(GO) test -count=1 -v -timeout 20m -run 'TestLoad' ./sidecar/store | grep -v '^=== '
