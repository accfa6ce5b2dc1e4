# The learner. Its tests are plain Go and run with `go test ./...`.

LEARN_STREAMS ?= foreman_api csicshop scaleway_api eleek
LEARN_ATTACKS ?= $(wildcard $(CORPORA)/attack_*.jsonl.gz)
# Of so many suggestions, those that are believable are accepted at half time.
ACCEPT ?= 0
comma := ,
empty :=

.PHONY: learn-simulate
learn-simulate: build ## play a simulated day of every stream through engine and learner (CONFIDENCE=high MODEL=file ACCEPT=5 LEARN_ATTACKS="files")
	@test -n "$(LEARN_ATTACKS)" || { echo "learn-simulate: no attack_*.jsonl.gz in CORPORA=$(CORPORA)" >&2; exit 1; }
	@for s in $(LEARN_STREAMS); do echo "== $$s"; \
	  bin/glacis learn simulate --confidence $(or $(CONFIDENCE),high) --accept-suggestions $(ACCEPT) $(if $(MODEL),--model $(MODEL)) \
	    --attacks $(subst $(empty) $(empty),$(comma),$(LEARN_ATTACKS)) $(CORPORA)/stream_$$s.jsonl.gz; done
