package workday

import (
	"slices"
	"time"
)

// Calendar says which days are worked. It is immutable and safe for concurrent use.
type Calendar struct {
	notices []Notice
	works   []Day   // the working days, in order
	worked  []int32 // by day: working days up to and with it
	open    []int32 // by day: days up to and with it that no notice has settled
}

// Notice is the arrangement of one year's holidays by the State Council.
type Notice struct {
	Year   int
	Number string    // such as 国办发明电〔2025〕7号
	Issued Day       // the day of its date
	Off    []Holiday // free days, weekends within them included
	Work   []Day     // Saturdays and Sundays that are worked
}

// Holiday is a run of free days, both ends included.
type Holiday struct {
	Name     string
	From, To Day
}

// yearEnds is the first day of December that the next year's notice may still change.
const yearEnds = 25

// newCalendar lays validated notices over plain weeks.
func newCalendar(notices []Notice) *Calendar {
	c := &Calendar{notices: notices, worked: make([]int32, lastDay+1), open: make([]int32, lastDay+1)}
	special := map[Day]bool{} // by day: worked or not
	known := map[int]bool{}
	for _, n := range notices {
		known[n.Year] = true
		for _, h := range n.Off {
			for d := h.From; d <= h.To; d++ {
				special[d] = false
			}
		}
		for _, d := range n.Work {
			special[d] = true
		}
	}
	year, next := firstYear-1, of(firstYear, time.January, 1) // the year of d, and the first day of the next one
	for d := Day(1); d <= lastDay; d++ {
		if d == next {
			year, next = year+1, of(year+2, time.January, 1)
		}
		works, named := special[d]
		if !named {
			works = d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		}
		c.worked[d], c.open[d] = c.worked[d-1], c.open[d-1]
		if works {
			c.works = append(c.works, d)
			c.worked[d]++
		}
		if !known[year] || next-d <= 31-yearEnds+1 && !known[year+1] {
			c.open[d]++
		}
	}
	return c
}

// Notices are the notices that the calendar holds, by year.
func (c *Calendar) Notices() []Notice { return slices.Clone(c.notices) }

// within brings a day that was computed out of the years 1900 to 2200 to their end.
func within(d Day) Day { return max(0, min(d, lastDay)) }

// Works reports whether a day is worked; settled is false where no notice has settled it.
func (c *Calendar) Works(d Day) (works, settled bool) {
	d = within(d)
	if d == 0 {
		return false, false
	}
	return c.worked[d] > c.worked[d-1], c.open[d] == c.open[d-1]
}

// Add returns the last of n working days that begin on d: d itself doesn't count, so that it is the n-th working day
// after d. With n = 0, what is decided on the spot (即办), it is d, worked or not. settled is false where a day on the
// way is not settled by a notice. Beyond the year 2200, or with n below 0, there is no day: the zero Day, not settled.
func (c *Calendar) Add(d Day, n int) (end Day, settled bool) {
	d = within(d)
	if n == 0 {
		return d, true
	}
	last := int64(c.worked[d]) + int64(n) - 1
	if d == 0 || n < 0 || last >= int64(len(c.works)) {
		return 0, false
	}
	end = c.works[last]
	return end, c.open[end] == c.open[d]
}

// Between counts the working days after from, up to and with to: Between(d, Add(d, n)) is n. It is negative where to
// lies before from. settled is false where a day between them is not settled by a notice.
func (c *Calendar) Between(from, to Day) (n int, settled bool) {
	from, to = within(from), within(to)
	return int(c.worked[to] - c.worked[from]), c.open[to] == c.open[from]
}
