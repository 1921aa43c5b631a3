package name

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Range is a size that was asked for, in square metres. A size that is named alone is meant roughly.
type Range struct {
	LeastM2, MostM2 float64 // MostM2 is infinite where there is no most
	WantM2          float64 // what comes first
}

// Has reports whether an area is within the range.
func (r Range) Has(m2 float64) bool { return m2 >= r.LeastM2 && m2 <= r.MostM2 }

// roughly is by how much an area may differ from a size that is named alone.
const roughly = 0.1

const (
	muM2    = 10000.0 / 15
	acreM2  = 4046.8564224 // the international acre
	largest = 1e12         // m²: more than any land
)

// units are how sizes are written once folded to small letters and simplified characters, the longer first.
var units = []struct {
	words string
	m2    float64
}{
	{`平方公里|平方千米|km2|sqkm`, 1e6}, {`公顷|hectares?|ha`, 1e4}, {`英亩|acres?|ac`, acreM2},
	{`亩|mus?`, muM2}, {`平方米|平米|平方|sqm|m2`, 1},
}

// sizePattern finds a size at the end of a text, after what else it says.
var sizePattern = func() *regexp.Regexp {
	const number = `((?:\d[\d,]*(?:\.\d+)?|[零一二两三四五六七八九十百千半]+)万?)`
	var all []string
	for _, u := range units {
		all = append(all, u.words)
	}
	return regexp.MustCompile(`^(.*?)(大约|约|近|about|around|~|>=|>|至少|不少于|不小于|atleast|over|` +
		`<=|<|至多|最多|不超过|atmost|upto|under)?` +
		number + `(?:(?:-|~|–|—|到|至|to)` + number + `)?(` + strings.Join(all, "|") + `)` +
		`(左右|上下|以上|起|\+|以下|以内)?(?:的)?(?:土地|用地|地块|地)?(.*)$`)
}()

// parseSize reads a size: 60亩, 4 ha, 50-80亩, 六十亩以上, >10 acres, 4万平米. Its number may be Chinese.
func parseSize(text string) (Range, bool) {
	size, rest, is := cutSize(text)
	return size, is && rest == ""
}

// cutSize reads a size that stands in a text, and gives what else is there, in small letters and without blanks.
func cutSize(text string) (size Range, rest string, is bool) {
	var plain strings.Builder
	for _, r := range strings.ToLower(norm.NFKC.String(text)) {
		switch {
		case r == ' ' || r == '\t':
		case r == '≥':
			plain.WriteString(">=")
		case r == '≤':
			plain.WriteString("<=")
		default:
			plain.WriteRune(simple(r))
		}
	}
	parts := sizePattern.FindStringSubmatch(plain.String())
	if parts == nil {
		return Range{}, "", false
	}
	ahead, before, first, second := parts[1], parts[2], parts[3], parts[4]
	unit, after, behind := unitM2(parts[5]), parts[6], parts[7]
	from, known := parseNumber(first)
	to := from
	if second != "" {
		var read bool
		to, read = parseNumber(second)
		known = known && read
	}
	from, to = from*unit, to*unit
	if !known || from <= 0 || to < from || to > largest {
		return Range{}, "", false
	}
	return rangeOf(from, to, before, after), ahead + behind, true
}

func unitM2(word string) float64 {
	for _, u := range units {
		if regexp.MustCompile(`^(?:` + u.words + `)$`).MatchString(word) {
			return u.m2
		}
	}
	return math.NaN()
}

// rangeOf is what the words before and after a size make of it.
func rangeOf(from, to float64, before, after string) Range {
	switch before + after {
	case ">=", ">", "至少", "不少于", "不小于", "atleast", "over", "以上", "起", "+":
		return Range{LeastM2: from, MostM2: math.Inf(1), WantM2: from}
	case "<=", "<", "至多", "最多", "不超过", "atmost", "upto", "under", "以下", "以内":
		return Range{MostM2: to, WantM2: to}
	}
	if from == to {
		return Range{LeastM2: from * (1 - roughly), MostM2: to * (1 + roughly), WantM2: from}
	}
	return Range{LeastM2: from, MostM2: to, WantM2: (from + to) / 2}
}

// parseNumber reads a number in digits or Chinese, with 万 for ten thousand.
func parseNumber(text string) (float64, bool) {
	digits, myriads := strings.CutSuffix(text, "万")
	n, err := strconv.ParseFloat(strings.ReplaceAll(digits, ",", ""), 64)
	if err != nil {
		var chinese bool
		if n, chinese = parseChinese(digits); !chinese {
			return 0, false
		}
	}
	if myriads {
		n *= 1e4
	}
	return n, true
}

var (
	chineseDigits = map[rune]float64{'零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8,
		'九': 9, '半': 0.5}
	chineseTens = map[rune]float64{'十': 10, '百': 100, '千': 1000}
)

// parseChinese reads a whole number below ten thousand, or 半 for a half.
func parseChinese(text string) (sum float64, ok bool) {
	last, given := 0.0, false
	for _, r := range text {
		if tens, is := chineseTens[r]; is {
			if !given {
				last = 1
			}
			sum, last, given = sum+last*tens, 0, false
			continue
		}
		if last, ok = chineseDigits[r]; !ok {
			return 0, false
		}
		given = true
	}
	return sum + last, text != ""
}
