.PHONY: gateways
gateways: ## install Envoy, Traefik, nginx with Lua and decK for tests (pinned, below .cache)
	@CACHE=$(CACHE) tools/fetch.sh all || { [ $$? = 3 ] || exit 1; \
		echo "gateways: not all can be had here (see above); the tests of those will be skipped" >&2; }

# Targets of the suite are tests of these names; each leaves its result
# in build/conformance, from which the table in docs/conformance.md is made.
CONFORMANCE_TESTS := ^TestConformance|^TestExtAuthz|^TestExtProc|^TestForwardAuth$$|^TestAuthRequest$$
SAMPLE ?= 5000

TESTS += conformance-table
.PHONY: conformance-table
conformance-table: ## write what the tests of the suite found last to build/conformance.md
	@mkdir -p build
	$(GO) run ./conformance/cmd/conform table > build/conformance.md
	@echo "the conformance table is in build/conformance.md"

.PHONY: conformance
conformance: gateways ## run the suite against every target, with a sample of SAMPLE recorded requests, and write the table
	@rm -rf build/conformance
	@status=0; GLACIS_SAMPLE=$(SAMPLE) GLACIS_FULL=1 CORPORA=$(abspath $(CORPORA)) \
		$(GO) test -count=1 -p 1 -timeout 60m -run '$(CONFORMANCE_TESTS)' ./conformance/... || status=1; \
	$(GO) run ./conformance/cmd/conform table --into docs/conformance.md; exit $$status
