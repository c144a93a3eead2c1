# The front door. `make` alone says what there is.

.DEFAULT_GOAL := help
.PHONY: help run build test bench bench-postgres torture lint format docs install clean

PREFIX ?= /usr/local

help: ## say what there is
	@echo "Leat: data pipelines in one program"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s%s\n", $$1, $$2}' Makefile

run: build ## build Leat and run the example pipeline over real county health files
	@scripts/run_example build/release/leat

build: ## build the program: build/release/leat
	@scripts/bootstrap build
	@scripts/build release leat

test: ## build and run all tests
	@scripts/bootstrap test
	@scripts/test

bench: ## measure speed and memory; writes docs/benchmarks.md
	@scripts/bootstrap all
	@scripts/build bench
	@bench/run build/bench

bench-postgres: ## measure against COPY, \copy and SQL by hand, 12 M rows; ROWS=… for fewer
	@scripts/build bench leat
	@scripts/python bench/postgres.py --leat build/bench/leat --rows $${ROWS:-12000000}

torture: ## cut every call of a network; kill, stop and fail the program at every crash point, in its calls and at KILLS=1000 random moments; compare 2,000 tables, 100,000 CSV files
	@scripts/bootstrap test
	@scripts/build test leat connectors_postgres_test
	@printf '%s\n' CutSink CutSource | LEAT_EVERY_CUT=1 xargs -P 2 -I {} \
	  build/test/src/connectors/postgres/connectors_postgres_test --gtest_filter='{}*'
	@scripts/python test/torture/torture.py --leat build/test/leat --random $${KILLS:-1000}
	@scripts/python test/exactness/exactness.py --leat build/test/leat --tables 2000
	@scripts/python test/csv_files/csv_files.py --leat build/test/leat --files 100000

lint: ## run clang-tidy over everything (slow)
	@scripts/bootstrap test
	@scripts/build dev
	@scripts/lint

format: ## lay out the sources with clang-format
	@scripts/bootstrap test
	@git ls-files 'src/*.[ch]pp' 'src/*.h' 'bench/*.[ch]pp' 'test/*.[ch]pp' | xargs clang-format-19 -i

docs: ## write docs/reference and docs/newcomer-mistakes.md again
	@scripts/bootstrap test
	@scripts/build test leat
	@build/test/leat schema --reference docs/reference
	@scripts/python test/newcomer/mistakes.py build/test/leat --page docs/newcomer-mistakes.md

install: build ## install the program below PREFIX (/usr/local)
	@cmake --install build/release --prefix "$(DESTDIR)$(PREFIX)"

clean: ## remove what was built and what the example wrote
	@rm -rf build examples/*/out examples/*/.leat
