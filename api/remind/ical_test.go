package remind_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"luodi/api/remind"
	"luodi/data/registry"
	"luodi/data/reminder"
)

// TestACalendarIsReadByAnother reads the calendar with an independent library, and looks at its lines besides.
func TestACalendarIsReadByAnother(t *testing.T) {
	t.Parallel()
	day, name, code := "2026-05-09", `海风; "甲, 乙" \ `+strings.Repeat("长", 60), "P-1"
	since := time.Date(2026, 5, 1, 3, 4, 5, 0, time.UTC)
	days := 3
	tasks := []registry.Task{
		{Kind: "visit", Subject: "a/1", Code: &code, NameZH: &name, NameEN: &name,
			WhatZH: "送方案\r\nBEGIN:VEVENT", WhatEN: "x",
			Since: since, Due: &day, Days: &days},
		{Kind: "hold", Subject: "b", Code: &code, NameZH: &name, NameEN: &name, WhatZH: "A-1", Since: since, Due: &day,
			Days: &days, Edits: 1},
		{Kind: "visit", Subject: "a/2", WhatZH: "none", Since: since},
		{Kind: "turn", Subject: "b", WhatZH: "not chosen", Since: since, Due: &day, Days: &days},
	}
	c := reminder.Choices{Hour: 8, Lang: "zh", TimeZone: "Asia/Shanghai", Kinds: reminder.Kinds}
	text := remind.Calendar(c, tasks)
	if !bytes.Equal(text, remind.Calendar(c, tasks)) {
		t.Error("it is not the same twice")
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(text), "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%d octets: %q", len(line), line)
		}
	}
	read, err := ics.ParseCalendar(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	events := read.Events()
	if len(events) != 2 {
		t.Fatalf("%d events:\n%s", len(events), text)
	}
	first := events[0]
	get := func(p ics.ComponentProperty) string { return ics.FromText(first.GetProperty(p).Value) }
	if get(ics.ComponentPropertySummary) != "下一步：送方案  BEGIN:VEVENT（"+name+"，P-1）" {
		t.Errorf("%q", get(ics.ComponentPropertySummary))
	}
	at, err := first.GetAllDayStartAt()
	if err != nil || at.Format(time.DateOnly) != day || first.Id() != "visit-a-1@luodi" ||
		get(ics.ComponentPropertySequence) != "0" || events[1].GetProperty(ics.ComponentPropertySequence).Value != "1" {
		t.Errorf("%v %v %s", at, err, text)
	}
	for i, want := range []string{"-PT16H", "-P6DT16H"} { // a day, and seven, before: at 8 o'clock
		if alarms := events[i].Alarms(); len(alarms) != 1 || alarms[0].GetProperty(ics.ComponentPropertyTrigger).Value != want {
			t.Errorf("%v", alarms)
		}
	}
	if stamp, err := first.GetDtStampTime(); err != nil || !stamp.Equal(since) {
		t.Errorf("%v %v", stamp, err)
	}
}
