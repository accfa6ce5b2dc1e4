# A model that becomes part of bin/glacis: make build MODEL=file.tgz. The compiler
# reads that file in the place of the empty one in the tree (-overlay), so that
# nothing in the tree changes. MODEL_KEY=file.pub has its signature checked first.
# TestBuildWithModel in cmd/glacis/internal/embedded does the same.
RACE += ./models/delivery/... ./models/shadow

MODEL ?=
MODEL_KEY ?=
ifneq ($(MODEL),)
.PHONY: embed-model
embed-model:
	@mkdir -p build
	@$(GO) run ./cmd/glacis model verify $(if $(MODEL_KEY),--model-key '$(MODEL_KEY)') '$(MODEL)'
	@printf '{"Replace":{"%s":"%s"}}\n' '$(CURDIR)/cmd/glacis/internal/embedded/model.tgz' '$(abspath $(MODEL))' > build/embed.json

build: embed-model
build: export GOFLAGS := $(shell $(GO) env GOFLAGS) -overlay=$(CURDIR)/build/embed.json
embed-model: export GOFLAGS := $(shell $(GO) env GOFLAGS)
endif
