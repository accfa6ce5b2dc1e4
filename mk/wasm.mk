WASM := build/glacis.wasm

.PHONY: wasm
wasm: ## build the plugin for Envoy, Istio and Envoy Gateway: build/glacis.wasm
	@mkdir -p build
	$(GO) run ./wasm/compile -o $(WASM)
	@ls -l $(WASM)

# What Go's compiler inlines in the plugin goes by this profile: calls are dear in
# WebAssembly. It is taken natively; make it anew when the engine has changed much.
.PHONY: wasm-profile
wasm-profile: ## measure the engine for the plugin's compiler: wasm/default.pgo
	GLACIS_BENCH=$(if $(wildcard $(BENCH_REQUESTS)),$(abspath $(BENCH_REQUESTS))) $(GO) test -trimpath -run '^$$' \
		-bench 'Inspect/(small|browser|json)|Cold/browser|Observe/(small_get|browser_get|json_1k|json_10k)$$' -benchtime 2s \
		-o build/core.test -cpuprofile ../wasm/default.pgo -outputdir core ./core

.PHONY: wasm-oci
wasm-oci: wasm ## put it into an OCI image layout: build/glacis-wasm-oci
	$(GO) run ./wasm/oci -in $(WASM) -out build/glacis-wasm-oci -tag $(MODEL_VERSION)

.PHONY: test-envoy
test-envoy: ## everything about the plugin in wazero and in real Envoys (installs them)
	$(GO) test $(TESTFLAGS) -timeout 30m ./wasm/... ./conformance/envoy/...

.PHONY: bench-envoy
bench-envoy: ## CPU time of a request in Envoy with the plugin over Envoy without it
	@[ -f $(BENCH_REQUESTS) ] || echo "bench-envoy: no $(BENCH_REQUESTS): the sample in core/testdata is used" >&2
	GLACIS_BENCH=$(if $(wildcard $(BENCH_REQUESTS)),$(abspath $(BENCH_REQUESTS))) $(GO) test -run '^$$' -bench Envoy -benchtime 30x -timeout 30m ./conformance/envoy

.PHONY: soak-envoy
soak-envoy: ## 40,000 requests through the plugin in Envoy: its memory does not grow
	SOAK=30000 $(GO) test -count=1 -v -timeout 30m -run 'TestSoak' ./conformance/envoy | grep -v '^=== '
