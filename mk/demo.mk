.PHONY: demo-gateways
demo-gateways: ## the demo through real Envoy, Traefik and Kong's stand-in, one after the other
	@mkdir -p build
	@for g in envoy traefik kong; do echo "== $$g"; \
		(cd deploy/demo && GATEWAY=$$g ONESHOT=1 $(GO) run ./play) > build/demo-$$g.txt 2>&1 || { cat build/demo-$$g.txt; exit 1; }; \
		sed -n '/^honest visits/,$$p' build/demo-$$g.txt; done
