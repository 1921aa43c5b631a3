package workday_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"luodi/geo"
	"luodi/geo/workday"
)

var day = workday.MustDay

func TestADayIsTheDayOfTheCalendar(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1900-01-01", "1900-02-28", "1900-03-01", "2000-02-29", "2026-11-29", "2200-12-31"} {
		d := day(text)
		want, _ := time.Parse(time.DateOnly, text)
		if d.String() != text || d.Weekday() != want.Weekday() || d.Year() != want.Year() {
			t.Errorf("%s: %s, %s, %d", text, d, d.Weekday(), d.Year())
		}
		var back workday.Day
		if written, _ := d.MarshalText(); back.UnmarshalText(written) != nil || back != d {
			t.Errorf("%s read back as %s", text, back)
		}
	}
	if day("1900-01-01") != 1 || day("2024-03-01").Since(day("2024-02-28")) != 2 {
		t.Error("days are not counted one by one")
	}
	for _, text := range []string{"", "1899-12-31", "2201-01-01", "2026-02-29", "2026-2-3", "20260630",
		"2026-06-30T00:00"} {
		_, err := workday.ParseDay("issued", text)
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Field != "issued" || invalid.Rule != "day.form" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestAYearHasTheHolidaysOfTheLaw: moved days cancel out, so that a year is worked on its days less its weekends less
// its holidays by law: 11, and 13 from 2025 (全国年节及纪念日放假办法).
func TestAYearHasTheHolidaysOfTheLaw(t *testing.T) {
	t.Parallel()
	notices := workday.China().Notices()
	if len(notices) != 6 {
		t.Fatalf("%d notices", len(notices))
	}
	for _, n := range notices {
		want := 0
		for d := day(fmt.Sprintf("%d-01-01", n.Year)); d.Year() == n.Year; d++ {
			if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
				want++
			}
		}
		want -= 11
		if n.Year >= 2025 {
			want -= 2
		}
		from, to := day(fmt.Sprintf("%d-12-31", n.Year-1)), day(fmt.Sprintf("%d-12-31", n.Year))
		if got, _ := workday.China().Between(from, to); got != want {
			t.Errorf("%d: %d working days, %d by law", n.Year, got, want)
		}
	}
}

func TestWorkingDaysWorkedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from    string
		n       int
		to      string
		settled bool
	}{
		{"2026-11-02", 5, "2026-11-09", true},  // Mon: Tue 3, Wed 4, Thu 5, Fri 6, Mon 9
		{"2026-11-07", 1, "2026-11-09", true},  // accepted on a Saturday: Mon 9
		{"2026-11-07", 0, "2026-11-07", true},  // decided on the spot
		{"2026-09-18", 1, "2026-09-20", true},  // Fri: Sun 20 is made up for 国庆节
		{"2026-09-30", 3, "2026-10-10", true},  // Wed: 1–7 off; Thu 8, Fri 9, Sat 10 made up
		{"2026-02-13", 3, "2026-02-25", true},  // Fri: Sat 14 made up, 15–23 off, Tue 24, Wed 25
		{"2022-12-30", 1, "2023-01-03", true},  // Fri: 31 Dec to 2 Jan off by the notice for 2023
		{"2026-12-23", 1, "2026-12-24", true},  // the last day that the notices settle
		{"2026-12-24", 1, "2026-12-25", false}, // Fri: the notice for 2027 may say otherwise
		{"2020-12-30", 2, "2021-01-04", false}, // 31 Dec 2020 is not settled; Mon 4
		{"2019-09-30", 1, "2019-10-01", false}, // an unknown year: plain weeks, and said so
		{"2027-03-05", 1, "2027-03-08", false}, // the same
	} {
		got, settled := workday.China().Add(day(c.from), c.n)
		if got != day(c.to) || settled != c.settled {
			t.Errorf("%s + %d: %s, settled %t; want %s, %t", c.from, c.n, got, settled, c.to, c.settled)
		}
		if n, settled := workday.China().Between(day(c.from), day(c.to)); n != c.n || settled != c.settled && c.n > 0 {
			t.Errorf("%s to %s: %d, settled %t", c.from, c.to, n, settled)
		}
	}
}

func TestBeyondTheYears(t *testing.T) {
	t.Parallel()
	c := workday.China()
	for _, d := range []workday.Day{0, -5, day("2200-12-31"), day("2200-12-31") + 9} {
		if end, settled := c.Add(d, 1); end != 0 || settled {
			t.Errorf("%d + 1: %s, %t", d, end, settled)
		}
	}
	if end, settled := c.Add(day("2026-01-05"), -1); end != 0 || settled {
		t.Errorf("minus one day: %s, %t", end, settled)
	}
	if _, settled := c.Works(0); settled {
		t.Error("no day is settled")
	}
}

// TestCountsAreThoseOfAWalk walks day by day over a calendar and compares.
func TestCountsAreThoseOfAWalk(t *testing.T) {
	t.Parallel()
	c := workday.China()
	worked := map[workday.Day]bool{}
	for _, n := range c.Notices() {
		for _, h := range n.Off {
			for d := h.From; d <= h.To; d++ {
				worked[d] = false
			}
		}
		for _, d := range n.Work {
			worked[d] = true
		}
	}
	works := func(d workday.Day) bool {
		if w, named := worked[d]; named {
			return w
		}
		return d.Weekday() >= time.Monday && d.Weekday() <= time.Friday
	}
	settled := func(d workday.Day) bool { return d >= day("2021-01-01") && d <= day("2026-12-24") }
	rapid.Check(t, func(t *rapid.T) {
		from := workday.Day(rapid.IntRange(int(day("2020-06-01")), int(day("2027-06-30"))).Draw(t, "from"))
		n := rapid.IntRange(1, 300).Draw(t, "n")
		end, left, all := from, n, true
		for left > 0 {
			end++
			all = all && settled(end)
			if works(end) {
				left--
			}
		}
		if got, sure := c.Add(from, n); got != end || sure != all {
			t.Fatalf("%s + %d: %s, %t; want %s, %t", from, n, got, sure, end, all)
		}
		if got, sure := c.Between(from, end); got != n || sure != all {
			t.Fatalf("%s to %s: %d, %t; want %d, %t", from, end, got, sure, n, all)
		}
		if got, _ := c.Between(end, from); got != -n {
			t.Fatalf("back: %d", got)
		}
		if w, sure := c.Works(end); !w || sure != settled(end) {
			t.Fatalf("%s: works %t, settled %t", end, w, sure)
		}
	})
}

func TestACalendarIsRefusedByTheMemberThatIsWrong(t *testing.T) {
	t.Parallel()
	const year = `{"source":"s","years":[{"year":2027,"notice":"n","issued":"2026-11-01","off":[%s],"work":[%s]}]}`
	off := func(from, to string) string { return fmt.Sprintf(`{"name":"元旦","from":%q,"to":%q}`, from, to) }
	for _, c := range []struct{ text, field, rule string }{
		{`{`, "calendar", "workday.json"},
		{`{"source":"s"} x`, "calendar", "workday.json"},
		{`{"source":"s","more":1}`, "calendar", "workday.json"},
		{`{"source":" "}`, "source", "text.shows"},
		{`{"source":"s","years":[{"year":1900}]}`, "years[0].year", "workday.year"},
		{`{"source":"s","years":[{"year":2027}]}`, "years[0].notice", "text.shows"},
		{`{"source":"s","years":[{"year":2027,"notice":"n"}]}`, "years[0].issued", "day.form"},
		{`{"source":"s","years":[{"year":2027,"notice":"n","issued":"2026-11-01"},` +
			`{"year":2027,"notice":"n","issued":"2026-11-01"}]}`, "years[1].year", "workday.year_once"},
		{fmt.Sprintf(year, off("2027-01-03", "2027-01-01"), ""), "years[0].off[0].to", "workday.run"},
		{fmt.Sprintf(year, off("2027-01-01", "2027-01-17"), ""), "years[0].off[0].to", "workday.run"},
		{fmt.Sprintf(year, off("2026-12-24", "2027-01-03"), ""), "years[0].off[0].from", "workday.day_of_year"},
		{fmt.Sprintf(year, off("2027-12-30", "2028-01-01"), ""), "years[0].off[0].to", "workday.day_of_year"},
		{fmt.Sprintf(year, off("2027-01-01", "2027-01-03")+","+off("2027-01-03", "2027-01-04"), ""),
			"years[0].off[1].from", "workday.day_once"},
		{fmt.Sprintf(year, off("2027-01-01", "2027-01-03"), `"2027-01-02"`), "years[0].work[0]", "workday.day_once"},
		{fmt.Sprintf(year, "", `"2027-01-04"`), "years[0].work[0]", "workday.weekend"},
		{fmt.Sprintf(year, strings.Repeat(off("2027-01-01", "2027-01-01")+",", 20)+off("2027-01-01", "2027-01-01"), ""),
			"years[0].off", "workday.runs"},
	} {
		_, err := workday.Parse(strings.NewReader(c.text))
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Field != c.field || string(invalid.Rule) != c.rule {
			t.Errorf("%s: %v; want %s of %s", c.text, err, c.rule, c.field)
		}
	}
}

func FuzzParse(f *testing.F) {
	shipped, err := os.ReadFile("china.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(shipped)
	f.Add([]byte(`{"source":"s","years":[{"year":2200,"notice":"n","issued":"2199-11-01","work":["2200-12-27"]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := workday.Parse(bytes.NewReader(text))
		if err != nil {
			if !errors.Is(err, geo.ErrInvalid) {
				t.Fatalf("%v", err)
			}
			return
		}
		for _, n := range c.Notices() {
			for _, d := range n.Work {
				if works, _ := c.Works(d); !works {
					t.Fatalf("%s is not worked", d)
				}
			}
			for _, h := range n.Off {
				if works, _ := c.Works(h.To); works {
					t.Fatalf("%s is worked", h.To)
				}
			}
		}
	})
}

func ExampleCalendar_Add() {
	accepted := workday.MustDay("2026-09-28") // a Monday
	due, settled := workday.China().Add(accepted, 5)
	fmt.Println(due, settled, due.Since(accepted), "days elapsed")
	due, settled = workday.China().Add(workday.MustDay("2027-02-01"), 5)
	fmt.Println(due, settled)
	// Output:
	// 2026-10-10 true 12 days elapsed
	// 2027-02-08 false
}

func BenchmarkAdd(b *testing.B) {
	c, d := workday.China(), day("2026-01-05")
	for b.Loop() {
		c.Add(d, 250)
	}
}
