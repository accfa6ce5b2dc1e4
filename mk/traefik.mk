TRAEFIK_PLUGIN := build/traefik-plugin

.PHONY: traefik-plugin
traefik-plugin: ## the Traefik plugin as a folder and an archive for local plugins
	@rm -rf $(TRAEFIK_PLUGIN)
	@$(GO) run ./conformance/traefik/tree -to $(TRAEFIK_PLUGIN)/plugins-local
	@printf '// Keeps ./... of the repository out of this copy of it.\nmodule traefik-plugin\n' > $(TRAEFIK_PLUGIN)/go.mod
	@tar -C $(TRAEFIK_PLUGIN) -czf $(TRAEFIK_PLUGIN).tgz plugins-local
	@echo "$(TRAEFIK_PLUGIN)/plugins-local and $(TRAEFIK_PLUGIN).tgz"

.PHONY: bench-traefik
bench-traefik: ## what the Traefik plugin costs over an interpreted plugin that does nothing
	@GLACIS_SIDECAR=$$(mktemp -u /tmp/glacis-bench-XXXXXX.sock); \
	$(GO) build -trimpath -o bin/glacis ./cmd/glacis; \
	bin/glacis sidecar --http unix:$$GLACIS_SIDECAR --grpc "" 2>/dev/null & pid=$$!; trap "kill $$pid" EXIT; \
	$(GO) run ./conformance/traefik/bench -sidecar unix://$$GLACIS_SIDECAR

.PHONY: traefik-wasm
traefik-wasm: ## the Traefik plugin as WebAssembly, a folder and an archive for local plugins
	@mkdir -p build
	GOOS=wasip1 GOARCH=wasm CGO_ENABLED=0 $(GO) build -trimpath -buildmode=c-shared -ldflags='-s -w' -o $(TRAEFIK_PLUGIN)-wasm.wasm ./wasm/http
	$(GO) run ./wasm/http/link -in $(TRAEFIK_PLUGIN)-wasm.wasm -to $(TRAEFIK_PLUGIN)-wasm.wasm
	@rm -rf $(TRAEFIK_PLUGIN)-wasm
	@$(GO) run ./conformance/traefik/tree -guest $(TRAEFIK_PLUGIN)-wasm.wasm -to $(TRAEFIK_PLUGIN)-wasm/plugins-local
	@tar -C $(TRAEFIK_PLUGIN)-wasm -czf $(TRAEFIK_PLUGIN)-wasm.tgz plugins-local
	@ls -l $(TRAEFIK_PLUGIN)-wasm.tgz
