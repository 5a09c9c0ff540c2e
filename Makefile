# Every target sets up what it needs; a second run takes no time over it and no network.

.DEFAULT_GOAL := help
.PHONY: help demo run test test-long mutate bench train evaluate clean clean-all

help: ## show this table
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## show it at work on real video for half a minute; leaves its results in artifacts/demo
	@eng/setup.sh demo
	@eng/demo/run.sh

run: ## run the service on the demo's clip until Ctrl-C; ARGS="--set mqtt.port=1884" adds arguments
	@eng/setup.sh demo
	@./edge-perception run --config configs/demo.yaml $(ARGS)

test: ## build everything and run all tests
	@eng/setup.sh test
	@eng/test.sh

test-long: ## the same tests at full counts
	@eng/setup.sh test
	@EDGE_PERCEPTION_TEST_LONG=1 eng/test.sh

mutate: ## change the safety gate in every way that the tests must notice (a quarter of an hour)
	@eng/setup.sh test
	@dotnet tool restore && cd tests/Policy && dotnet stryker -f ../../eng/stryker.json

bench: ## measure against baselines in the same run; leaves artifacts/bench/results.json; ARGS="preprocess clip" picks some
	@eng/setup.sh bench
	@eng/bench.sh $(ARGS)

train: ## train the grounding networks that models/grounding holds; goes on where it was broken off
	@eng/setup.sh train
	@eng/train.sh

evaluate: ## evaluate grounding on held-out cases; leaves tables and plots in artifacts/evaluation; ARGS="--scale 0.2", "--spoken"
	@eng/setup.sh evaluate
	@eng/evaluate.sh $(ARGS)

clean: ## remove what was built
	rm -rf artifacts

clean-all: clean ## remove what was fetched and converted, too
	rm -rf .cache models/fetched
