# The learner. Its tests are plain Go and run with `go test ./...`.

LEARN_STREAMS ?= foreman_api csicshop scaleway_api eleek
LEARN_ATTACKS := $(wildcard $(CORPORA)/attack_*.jsonl.gz)
comma := ,
empty :=

.PHONY: learn-simulate
learn-simulate: build ## play a simulated day of every stream through engine and learner (CONFIDENCE=high)
	@test -n "$(LEARN_ATTACKS)" || { echo "learn-simulate: no attack_*.jsonl.gz in CORPORA=$(CORPORA)" >&2; exit 1; }
	@for s in $(LEARN_STREAMS); do echo "== $$s"; \
	  bin/glacis learn simulate --confidence $(or $(CONFIDENCE),high) \
	    --attacks $(subst $(empty) $(empty),$(comma),$(LEARN_ATTACKS)) $(CORPORA)/stream_$$s.jsonl.gz; done
