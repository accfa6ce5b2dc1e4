# Packages whose tests use goroutines.
RACE += ./events/...

.PHONY: docs-metrics
docs-metrics: ## write docs/metrics.md from the metrics that are registered
	$(GO) test ./cmd/glacis -run TestMetricsDocs -update
