package workbook

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"luodi/geo"
)

// Day is a day as a cell has it: of a month or a year alone it is the last day of it, and Precision says so.
type Day struct {
	Day       string // 2006-01-02
	Precision string // day, month or year
}

// Amount is money as a cell or its column has it.
type Amount struct {
	Value    float64 // in units of the currency
	Currency string
}

// blanks are what people write where they know nothing.
var blanks = map[string]bool{"": true, "-": true, "--": true, "—": true, "——": true, "–": true, "/": true, "\\": true,
	"无": true, "暂无": true, "未知": true, "不详": true, "待定": true, "未定": true, "待": true, "n/a": true, "na": true,
	"none": true, "unknown": true, "tbd": true, "?": true, "…": true}

// Plain is a text in half-width characters without spaces around it.
func Plain(s string) string { return strings.TrimSpace(norm.NFKC.String(s)) }

// Blank reports whether a cell says nothing: it is empty, or holds a mark for what is not known.
func (c Cell) Blank() bool { return !c.Empty && blanks[strings.ToLower(Plain(c.Text))] }

var (
	wholeDay = regexp.MustCompile(`^(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})日?(?:\s+00:00(?::00)?)?$`)
	compact  = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	month    = regexp.MustCompile(`^(\d{4})(?:年|[-./])(\d{1,2})月?(?:份)?$`)
	year     = regexp.MustCompile(`^(\d{4})年?$`)
	aDate    = regexp.MustCompile(`(?:19|20)\d{2}(?:年|[-./])\d{1,2}`)
)

// ReadDay reads a day: 2021-11-05, 2021.11, 2021年11月, 2021年, or Excel's own number of days. What could be two days
// is refused: two dates in a cell, and the number 2021.1, which is January or an October that lost its last figure.
func (c Cell) ReadDay(date1904 bool) (Day, error) {
	text := Plain(c.Text)
	if c.Number != nil {
		return numberedDay(*c.Number, text, date1904)
	}
	if len(aDate.FindAllString(text, -1)) > 1 {
		return Day{}, geo.NewInvalid("", "workbook.one_day", c.Text)
	}
	if parts := wholeDay.FindStringSubmatch(text); parts != nil {
		return dayOf(c.Text, parts[1], parts[2], parts[3])
	}
	if parts := compact.FindStringSubmatch(text); parts != nil {
		return dayOf(c.Text, parts[1], parts[2], parts[3])
	}
	if parts := month.FindStringSubmatch(text); parts != nil {
		return monthOf(c.Text, parts[1], parts[2])
	}
	if parts := year.FindStringSubmatch(text); parts != nil {
		return yearOf(c.Text, parts[1])
	}
	return Day{}, geo.NewInvalid("", "workbook.day", c.Text)
}

func numberedDay(n float64, text string, date1904 bool) (Day, error) {
	switch {
	case n == math.Trunc(n) && n >= 1980 && n <= 2100:
		return yearOf(text, strconv.Itoa(int(n)))
	case n > 1980 && n < 2101: // 2021.11
		_, after, _ := strings.Cut(strconv.FormatFloat(n, 'f', -1, 64), ".")
		if after == "1" {
			return Day{}, geo.NewInvalid("", "workbook.lost_zero", text)
		}
		return monthOf(text, strconv.Itoa(int(n)), after)
	case n == math.Trunc(n) && n >= 19800101 && n <= 21001231:
		return dayOf(text, text[:4], text[4:6], text[6:])
	case n >= 20000 && n < 80000:
		first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		if date1904 {
			first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return Day{first.AddDate(0, 0, int(n)).Format(time.DateOnly), "day"}, nil
	}
	return Day{}, geo.NewInvalid("", "workbook.day", text)
}

func dayOf(text, year, month, day string) (Day, error) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1980 || y > 2100 || int(at.Month()) != m || at.Day() != d {
		return Day{}, geo.NewInvalid("", "workbook.day", text)
	}
	return Day{at.Format(time.DateOnly), "day"}, nil
}

func monthOf(text, year, month string) (Day, error) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	if y < 1980 || y > 2100 || m < 1 || m > 12 {
		return Day{}, geo.NewInvalid("", "workbook.day", text)
	}
	last := time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC)
	return Day{last.Format(time.DateOnly), "month"}, nil
}

func yearOf(text, year string) (Day, error) {
	y, _ := strconv.Atoi(year)
	if y < 1980 || y > 2100 {
		return Day{}, geo.NewInvalid("", "workbook.day", text)
	}
	return Day{fmt.Sprintf("%d-12-31", y), "year"}, nil
}

// Units of money, by what a head or a cell calls them.
var moneyUnits = map[string]Amount{"元": {1, "CNY"}, "千元": {1e3, "CNY"}, "万": {1e4, "CNY"}, "万元": {1e4, "CNY"},
	"百万元": {1e6, "CNY"}, "千万元": {1e7, "CNY"}, "亿": {1e8, "CNY"}, "亿元": {1e8, "CNY"}, "万美元": {1e4, "USD"},
	"亿美元": {1e8, "USD"}, "美元": {1, "USD"}, "万欧元": {1e4, "EUR"}, "亿欧元": {1e8, "EUR"}, "万港元": {1e4, "HKD"},
	"亿日元": {1e8, "JPY"}, "万日元": {1e4, "JPY"}, "cny": {1, "CNY"}, "usd": {1, "USD"}, "万usd": {1e4,
		"USD"}, "万eur": {1e4, "EUR"},
	"万hkd": {1e4, "HKD"}, "万jpy": {1e4, "JPY"}, "million cny": {1e6, "CNY"},
	"10,000 cny": {1e4, "CNY"}}

// areaUnits are in mu.
var areaUnits = map[string]float64{"亩": 1, "mu": 1, "公顷": 15, "ha": 15, "平方米": 0.0015, "㎡": 0.0015, "m2": 0.0015,
	"m²": 0.0015, "平米": 0.0015}

// MoneyUnit is what a unit of money is worth; false where it is none.
func MoneyUnit(name string) (Amount, bool) {
	unit, found := moneyUnits[strings.ToLower(strings.TrimPrefix(Plain(name), "人民币"))]
	return unit, found
}

// AreaUnit is what a unit of area is in mu.
func AreaUnit(name string) (float64, bool) {
	unit, found := areaUnits[strings.ToLower(Plain(name))]
	return unit, found
}

var (
	measured = regexp.MustCompile(`^约?([\d,]+(?:\.\d+)?)\s*(\D*)$`)
	aNumber  = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?`)
)

// read splits a text such as 1.2亿元 into number and unit. What has two numbers is refused: two amounts in a cell.
func (c Cell) read(rule geo.Rule) (float64, string, error) {
	if c.Number != nil {
		return *c.Number, "", nil
	}
	text := Plain(c.Text)
	if len(aNumber.FindAllString(text, -1)) > 1 {
		return 0, "", geo.NewInvalid("", "workbook.one_amount", c.Text)
	}
	parts := measured.FindStringSubmatch(text)
	if parts == nil {
		return 0, "", geo.NewInvalid("", rule, c.Text)
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(parts[1], ",", ""), 64)
	if err != nil {
		return 0, "", geo.NewInvalid("", rule, c.Text)
	}
	return value, strings.TrimSpace(parts[2]), nil
}

// ReadAmount reads money in the unit that the cell names, else in that of its column.
func (c Cell) ReadAmount(unit string) (Amount, error) {
	value, own, err := c.read("workbook.amount")
	if err != nil {
		return Amount{}, err
	}
	if own != "" {
		unit = own
	}
	of, found := MoneyUnit(unit)
	switch {
	case unit == "":
		return Amount{}, geo.NewInvalid("", "workbook.unit", c.Text)
	case !found || value < 0:
		return Amount{}, geo.NewInvalid("", "workbook.amount", c.Text)
	}
	return Amount{math.Round(value*of.Value*100) / 100, of.Currency}, nil
}

// ReadMu reads an area in mu, in the unit that the cell names, else in that of its column.
func (c Cell) ReadMu(unit string) (float64, error) {
	value, own, err := c.read("workbook.area")
	if err != nil {
		return 0, err
	}
	if own != "" {
		unit = own
	}
	of, found := AreaUnit(unit)
	switch {
	case unit == "":
		return 0, geo.NewInvalid("", "workbook.unit", c.Text)
	case !found || value <= 0:
		return 0, geo.NewInvalid("", "workbook.area", c.Text)
	}
	return math.Round(value*of*1e6) / 1e6, nil
}
