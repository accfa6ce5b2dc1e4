# Packages whose tests use goroutines.
RACE += ./sidecar/...

.PHONY: test-sidecar
test-sidecar: gateways ## the sidecar behind real Envoy, Traefik and nginx: smoke, upgrades, long bodies, the suite with a small sample
	$(GO) test $(TESTFLAGS) ./sidecar/api/... ./sidecar
	$(GO) test $(TESTFLAGS) -short -timeout 20m ./conformance/rpc

.PHONY: bench-sidecar
bench-sidecar: ## what POST /v1/inspect, ext_authz and ext_proc cost in the sidecar, without a gateway
	$(GO) test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -count $(COUNT) ./sidecar/api/...
