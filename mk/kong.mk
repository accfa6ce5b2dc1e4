.PHONY: bench-kong
bench-kong: ## what a request costs in the Kong plugin, as differences in one run: own loop, stock server, cache, nginx
	COST=1 $(GO) test -count=1 -v -timeout 20m -run 'TestCost' ./conformance/kong | grep -v '^=== '

.PHONY: soak-kong
soak-kong: ## 45,000 requests through the Kong plugin server: no growth of memory, threads, files
	SOAK=30000 $(GO) test -count=1 -v -timeout 20m -run 'TestSoak' ./conformance/kong

.PHONY: kong-plugin
kong-plugin: ## build the Kong plugin server, static, as build/kong/glacis
	@mkdir -p build/kong
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags='-s -w' -o build/kong/glacis ./plugins/kong/cmd/glacis
