package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"luodi/data/schema"
	"luodi/data/store/cluster"
	"luodi/message"
)

// Of a database that can't start, all but names, paths and numbers is said in the reader's language.
func TestWhyTheDatabaseCannotStartIsSaidInOneLanguage(t *testing.T) {
	t.Parallel()
	var errs []error
	for _, part := range cluster.Parts {
		errs = append(errs, &cluster.MissingError{What: part, Packages: []string{"pack"}})
	}
	for _, reason := range cluster.Reasons {
		errs = append(errs, &cluster.UnreachableError{Folder: "/f", User: "pack", Reason: reason, Owner: 7})
	}
	english := regexp.MustCompile(`(?i)\b(the|it|its|to|by|user|folder|owner|may|not)\b`)
	for _, err := range errs {
		zh, en := (&env{lang: message.ZH}).explain(fmt.Errorf("start: %w", err)),
			(&env{lang: message.EN}).explain(fmt.Errorf("start: %w", err))
		if english.MatchString(zh) || strings.ContainsAny(zh, "{}") || !english.MatchString(en) &&
			!strings.Contains(en, "missing") {
			t.Errorf("%v\nzh %s\nen %s", err, zh, en)
		}
		if strings.Contains(zh+en, "cli.") || strings.Contains(err.Error(), "%!") || len(err.Error()) < 40 {
			t.Errorf("%q lacks words\nzh %s\nen %s", err, zh, en)
		}
	}
}

// A database of before the folded schema is sent to the program that can take it on, and never called newer.
func TestAnOlderSchemaNamesTheProgramToRunFirst(t *testing.T) {
	t.Parallel()
	for _, lang := range []message.Lang{message.ZH, message.EN} {
		said := (&env{lang: lang}).explain(fmt.Errorf("migrate the database: %w", &schema.OlderError{Version: 7}))
		if !strings.Contains(said, schema.OldestKeptAt) || !strings.Contains(said, "luodi migrate") ||
			!strings.Contains(said, "7") || strings.Contains(said, "newer") || strings.Contains(said, "比本程序新") {
			t.Error(said)
		}
	}
}
