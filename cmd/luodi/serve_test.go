package main

import (
	"strings"
	"testing"

	"luodi/data/intake"
)

func TestServeRefusesMemoryNoMachineHas(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0", "-1", "2097152", "1e3", "512MB", ""} {
		code, _, errs := luodi(t, "--lang", "en", "serve", "--siting-memory="+text)
		if code != exitUsage || !strings.Contains(errs, "siting-memory: expected MiB from 1 to 1048576, got \""+text) {
			t.Errorf("%q: exit %d, %s", text, code, errs)
		}
		if text == "0" {
			continue // no features are kept
		}
		code, _, errs = luodi(t, "--lang", "en", "serve", "--feed-memory="+text)
		if code != exitUsage || !strings.Contains(errs, "feed-memory: expected MiB from 0 to 1048576, got \""+text) {
			t.Errorf("%q: exit %d, %s", text, code, errs)
		}
	}
}

func TestEachStepOfAnImportHasWords(t *testing.T) {
	t.Parallel()
	e := &env{}
	for _, step := range intake.ImportSteps {
		if key := doing + string(step); e.text(key) == "" || e.text(key) == key {
			t.Errorf("%s has no words", key)
		}
	}
}
