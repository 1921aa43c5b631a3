SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
.PHONY: run test soak build web bench bench-feeds bench-page lint measure fuzz judge schema setup-run setup-test test-go test-web test-page clean

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME ?= 30s

web_sources := $(shell find web/src web/scripts web/public message -type f 2>/dev/null) $(wildcard geo/land/*.json web/*.config.ts) api/testdata/openapi.json data/sample/lingang.json web/package-lock.json web/index.html

## run: everything from a fresh machine to a map: set-up, build, serve the sample park
run: setup-run build
	bin/luodi serve --sample

## test: everything: set-up, linters, Go tests on a real PostGIS, the page in a real browser
test: setup-test lint test-web test-go test-page

setup-run:
	@.ci/setup run

setup-test:
	@.ci/setup test

## build: bin/luodi with the page inside
build: web
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/luodi ./cmd/luodi

web: web/dist/index.html

web/node_modules/.installed: web/package-lock.json
	@echo '• npm ci in web/ (the page'"'"'s libraries)'
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@echo 'module node_modules // keeps Go sources of npm packages out of ./...' >web/node_modules/go.mod
	@touch $@

web/dist/index.html: web/node_modules/.installed $(web_sources)
	@echo '• building the page and its basemap'
	cd web && npm run --silent build

## lint: gofmt, vet, staticcheck, widths of lines; eslint, svelte-check
lint: web
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$unformatted" ] || { echo "gofmt wants: $$unformatted"; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	go run ./.ci/measure -lines
	cd web && npm run --silent lint && npm run --silent check

test-web: web
	cd web && npm test --silent

test-go: web
	go test -v -timeout 40m ./...

test-page: build
	cd web && npm run --silent e2e

## schema: after a change in data/schema: a new edition of the rules, and data/schema.sql anew
schema:
	go test ./data/schema -run TestChangedRulesAreANewEdition -update
	go test ./data -run TestSchemaIsTheOneWrittenDown -update

## soak: the whole of the long proofs: 64 writers for a minute, 130 kills, 10,000 random histories, a real cadastre, lots out of 10,000 random parcels, an hour of records over a million parcels, 1,000 reminders sent once over 12 kills
soak: setup-test web
	LUODI_SOAK=1 go test -v -timeout 6h ./data/store/soak
	LUODI_SOAK=1 go test -v -timeout 2h ./geo/lot ./geo/fit ./geo/carve
	LUODI_SOAK=1 go test -v -timeout 1h -run 'NoCutOfTheSample' ./data/siting
	LUODI_SOAK=1 go test -v -timeout 2h -run 'EveryFollower|KillsLose|NoAnswerIsOlder|StoredText' ./api
	LUODI_SOAK=1 go test -v -timeout 3h -run 'RecordsComeThrough' ./api
	LUODI_SOAK=1 go test -v -timeout 10m -run 'RemindersAreSentOnce' ./cmd/luodi

## measure: how the house stands: sizes of packages and functions, wide lines, dead code, kinds known in many places
measure:
	@go run ./.ci/measure

## bench: measure, side by side with peers and limits in one run
bench: setup-test build
	LUODI_BENCH=1 go test -v -timeout 60m -run 'TestBench' ./api/...
	LUODI_BENCH=1 go test -v -timeout 30m -run 'TestBench' ./data/store/soak
	LUODI_BENCH=1 go test -v -timeout 30m -run 'TestBench' ./data/intake
	go test -run '^$$' -bench . -benchmem ./geo/... ./data/store/ewkb/...
	LUODI_BENCH_ROWS=100000 go test -run '^$$' -bench Export -benchtime 1x ./data/outlet

## bench-feeds: the public feeds of the real binary over a million parcels, beside a peer and the limits, in one table
bench-feeds: setup-test build
	go run ./.ci/benchfeeds -data var/bench-feeds -bin bin/luodi

## bench-page: the page's first load on a poor line (1.6 Mbit/s, 400 ms), over the sample park: one table and the waterfall
bench-page: setup-test build
	cd web && node scripts/benchpage.mjs

## judge: exports in every format, and map tiles, read by QGIS, LibreOffice, ezdxf, pyarrow and poppler, as far as they are installed
judge: build
	data/outlet/judge/judge

## fuzz: each native fuzz target for FUZZTIME
fuzz: web
	@for pkg in $$(grep -rl --include='*_test.go' '^func Fuzz' . --exclude-dir=node_modules | xargs -n1 dirname | sort -u); do \
	  for target in $$(grep -ho '^func Fuzz[A-Za-z0-9]*' $$pkg/*_test.go | sed 's/func //' | sort -u); do \
	    echo "• $$pkg $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$pkg; \
	  done; done

clean:
	rm -rf bin web/dist/assets web/dist/index.html
