// Package workday counts working days: which days the State Council's yearly notices make holidays (放假) and which
// weekends they make working days (调休上班).
//
// A [Day] is a civil date without clock or zone. A [Calendar] holds the notices as data, by year. What a calendar
// without the notice of a year says of that year is provisional: it takes Monday to Friday for working days, and says
// by settled = false that it does. So it is with 25 to 31 December until the next year's notice is there: a New Year's
// holiday may begin in December and be made up for before it (that of 2019 moved 29 and 31 December 2018).
//
// # What counts
//
// Periods are counted as Chinese law does. The day on which something begins doesn't count, the last day does
// (民法典 §201); a permit's time limits are working days, holidays not included (行政许可法 §82). So five working days
// from a Monday end on the next Monday. Holidays of a single region are not known here.
package workday
