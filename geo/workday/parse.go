package workday

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"luodi/geo"
	"luodi/geo/land"
)

//go:embed china.json
var china []byte

// China is the calendar of the People's Republic as shipped: the notices for 2021 to 2026.
var China = sync.OnceValue(func() *Calendar {
	c, err := Parse(bytes.NewReader(china))
	if err != nil {
		panic("workday: china.json: " + err.Error()) // a broken build, which every test shows
	}
	return c
})

// The longest holiday that is taken for one, in days, and the most runs and made-up days of a year: more is a slip.
const (
	maxHoliday = 16
	maxRuns    = 20
)

type noticeJSON struct {
	Year   int    `json:"year"`
	Notice string `json:"notice"`
	Issued string `json:"issued"`
	Off    []struct {
		Name string `json:"name"`
		From string `json:"from"`
		To   string `json:"to"`
	} `json:"off"`
	Work []string `json:"work"`
}

// Parse reads a calendar: the notices by year as JSON, in the form of china.json. A [geo.Invalid] names the wrong
// member, such as years[2].off[0].to.
func Parse(r io.Reader) (*Calendar, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var all struct {
		Source string       `json:"source"`
		Years  []noticeJSON `json:"years"`
	}
	if err := d.Decode(&all); err != nil {
		return nil, geo.NewInvalid("calendar", "workday.json", geo.Say("came.unreadable"))
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, geo.NewInvalid("calendar", "workday.json", geo.Say("came.more"))
	}
	if _, err := land.ParseLine("source", all.Source, land.MaxLine); err != nil {
		return nil, err
	}
	var notices []Notice
	years, days := map[int]bool{}, map[Day]bool{}
	for i, row := range all.Years {
		n, err := row.read(fmt.Sprintf("years[%d].", i), days)
		if err != nil {
			return nil, err
		}
		if years[n.Year] {
			return nil, geo.NewInvalid(fmt.Sprintf("years[%d].year", i), "workday.year_once", n.Year)
		}
		years[n.Year] = true
		notices = append(notices, n)
	}
	slices.SortFunc(notices, func(a, b Notice) int { return cmp.Compare(a.Year, b.Year) })
	return newCalendar(notices), nil
}

// read validates one notice. days are those that some notice names already: none is named twice.
func (row noticeJSON) read(at string, days map[Day]bool) (n Notice, err error) {
	if row.Year < firstYear+1 || row.Year > lastYear {
		return n, geo.NewInvalid(at+"year", "workday.year", row.Year, "from", firstYear+1, "to", lastYear)
	}
	if n.Number, err = land.ParseLine(at+"notice", row.Notice, land.MaxLine); err != nil {
		return n, err
	}
	if n.Issued, err = ParseDay(at+"issued", row.Issued); err != nil {
		return n, err
	}
	if len(row.Off) > maxRuns || len(row.Work) > maxRuns {
		return n, geo.NewInvalid(at+"off", "workday.runs", max(len(row.Off), len(row.Work)), "n", maxRuns)
	}
	n.Year = row.Year
	if err := n.readOff(at, row, days); err != nil {
		return n, err
	}
	return n, n.readWork(at, row, days)
}

func (n *Notice) readOff(at string, row noticeJSON, days map[Day]bool) (err error) {
	for i, off := range row.Off {
		var h Holiday
		at := fmt.Sprintf("%soff[%d].", at, i)
		if h.Name, err = land.ParseLine(at+"name", off.Name, land.MaxLine); err != nil {
			return err
		}
		if h.From, err = n.day(at+"from", off.From); err != nil {
			return err
		}
		if h.To, err = n.day(at+"to", off.To); err != nil {
			return err
		}
		if h.To < h.From || h.To-h.From >= maxHoliday {
			return geo.NewInvalid(at+"to", "workday.run", off.To, "n", maxHoliday)
		}
		for d := h.From; d <= h.To; d++ {
			if days[d] {
				return geo.NewInvalid(at+"from", "workday.day_once", d.String())
			}
			days[d] = true
		}
		n.Off = append(n.Off, h)
	}
	return nil
}

func (n *Notice) readWork(at string, row noticeJSON, days map[Day]bool) error {
	for i, text := range row.Work {
		at := fmt.Sprintf("%swork[%d]", at, i)
		d, err := n.day(at, text)
		if err != nil {
			return err
		}
		if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
			return geo.NewInvalid(at, "workday.weekend", text)
		}
		if days[d] {
			return geo.NewInvalid(at, "workday.day_once", text)
		}
		days[d] = true
		n.Work = append(n.Work, d)
	}
	return nil
}

// day reads a day that the notice may name: one of its year, or one from 25 December of the year before.
func (n *Notice) day(field, text string) (Day, error) {
	d, err := ParseDay(field, text)
	if err != nil {
		return 0, err
	}
	if d < of(n.Year-1, time.December, yearEnds) || d > of(n.Year, time.December, 31) {
		return 0, geo.NewInvalid(field, "workday.day_of_year", text, "year", n.Year, "before", n.Year-1)
	}
	return d, nil
}
