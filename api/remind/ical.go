package remind

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"luodi/data/registry"
	"luodi/data/reminder"
	"luodi/message"
)

// Calendar writes tasks as a calendar (RFC 5545): each that has a day as an event of that day, with an alarm so many
// days before, at the hour that was chosen. It says the same as long as the tasks are the same. Lines end in CRLF and
// have at most 75 octets.
func Calendar(c reminder.Choices, tasks []registry.Task) []byte {
	lang := message.Lang(c.Lang)
	w := &icalWriter{}
	w.line("BEGIN:VCALENDAR")
	w.line("VERSION:2.0")
	w.line("PRODID:-//Luodi//reminders//" + strings.ToUpper(c.Lang))
	w.line("CALSCALE:GREGORIAN")
	w.line("METHOD:PUBLISH")
	w.line("X-WR-CALNAME:" + escaped(message.Text(lang, "remind.calendar")))
	w.line("X-WR-TIMEZONE:" + escaped(c.TimeZone))
	w.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H")
	for _, t := range tasks {
		choice := c.Of(t.Kind)
		if t.Due == nil || !choice.Calendar {
			continue
		}
		if day, err := time.Parse(time.DateOnly, *t.Due); err == nil {
			w.event(lang, t, day, time.Duration(24*choice.LeadDays-c.Hour)*time.Hour)
		}
	}
	w.line("END:VCALENDAR")
	return w.Bytes()
}

type icalWriter struct{ bytes.Buffer }

const icalDay = "20060102"

// event writes a task; the alarm is so long before its day begins, or after where that is below 0.
func (w *icalWriter) event(lang message.Lang, t registry.Task, day time.Time, before time.Duration) {
	what := *t.Due
	t.Due = nil
	summary := escaped(Line(lang, t))
	w.line("BEGIN:VEVENT")
	w.line("UID:" + t.Kind + "-" + strings.ReplaceAll(t.Subject, "/", "-") + "@luodi")
	w.line("DTSTAMP:" + t.Since.UTC().Format("20060102T150405Z"))
	w.line(fmt.Sprintf("SEQUENCE:%d", t.Edits))
	w.line("DTSTART;VALUE=DATE:" + day.Format(icalDay))
	w.line("DTEND;VALUE=DATE:" + day.AddDate(0, 0, 1).Format(icalDay))
	w.line("SUMMARY:" + summary)
	w.line("DESCRIPTION:" + escaped(message.Text(lang, "remind.by", "day", what)))
	w.line("TRANSP:TRANSPARENT")
	w.line("BEGIN:VALARM")
	w.line("ACTION:DISPLAY")
	w.line("DESCRIPTION:" + summary)
	w.line("TRIGGER:" + duration(-before))
	w.line("END:VALARM")
	w.line("END:VEVENT")
}

// duration is a whole number of hours as RFC 5545 writes it.
func duration(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	hours := int(d.Hours())
	switch {
	case hours%24 == 0 && hours > 0:
		return fmt.Sprintf("%sP%dD", sign, hours/24)
	case hours >= 24:
		return fmt.Sprintf("%sP%dDT%dH", sign, hours/24, hours%24)
	}
	return fmt.Sprintf("%sPT%dH", sign, hours)
}

// escaped is a value of type TEXT.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`).Replace(oneLine(text))
}

// line writes a line, folded so that no character is cut.
func (w *icalWriter) line(text string) {
	const most = 75
	room := most
	for len(text) > room {
		cut := room
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		w.WriteString(text[:cut] + "\r\n ")
		text, room = text[cut:], most-1
	}
	w.WriteString(text + "\r\n")
}
