.PHONY: gateways
gateways: ## install Envoy, Traefik and nginx with Lua for tests (pinned, below .cache)
	@CACHE=$(CACHE) tools/fetch.sh all
