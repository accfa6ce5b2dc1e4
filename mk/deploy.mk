.PHONY: test-deploy
test-deploy: gateways ## deploy/ parsed, rendered and validated; its gateways started; the quickstarts followed line by line
	cd conformance/deploy && $(GO) test $(TESTFLAGS) ./...
	$(GO) test $(TESTFLAGS) -timeout 30m ./conformance/quickstart ./conformance/nginx

.PHONY: minikong
minikong: ## build build/minikong, which stands in for `kong start` where there is no Kong
	@mkdir -p build
	$(GO) build -trimpath -o build/minikong ./conformance/kong/cmd/minikong
