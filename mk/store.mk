LOAD ?= 30

.PHONY: bench-store
bench-store: ## observations a second through the sidecar's store on one core, for LOAD seconds, and its memory
	GLACIS_LOAD=$(LOAD) $(GO) test -count=1 -v -timeout 20m -run 'TestLoad' ./sidecar/store | grep -v '^=== '
