package name

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"
)

func id(n int) uuid.UUID { return uuid.UUID{15: byte(n), 14: byte(n >> 8)} }

// found are the codes that a text finds, in order.
func found(x *Index, text string, limit int) string {
	var codes []string
	for _, f := range Find([]*Index{x}, NewVocabulary(nil).Parse(text), limit) {
		codes = append(codes, f.code)
	}
	return strings.Join(codes, " ")
}

func TestTextsFoldToOneForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, plain, loose string }{
		{"", "", ""}, {"TX-L04", "txl04", "txl4"}, {"ＴＸ－Ｌ０４", "txl04", "txl4"}, {"tx l 004", "txl004", "txl4"},
		{"0", "0", "0"}, {"000", "000", "0"}, {"碳纖維產業園", "碳纤维产业园", "碳纤维产业园"}, {"①㎡", "1m2", "1m2"},
		{"Café Müller", "cafemuller", "cafemuller"}, {"a\u200bb\u00adc", "abc", "abc"}, {"\u202eTX\u202c", "tx", "tx"},
		{"\xff\x00", "", ""}, {"🏭", "", ""}, {"שלום", "שלום", "שלום"},
	} {
		if plain, loose := fold(c.text), foldLoose(c.text); plain.text != c.plain || loose.text != c.loose {
			t.Errorf("%q folds to %q and %q, want %q and %q", c.text, plain.text, loose.text, c.plain, c.loose)
		}
	}
	f, words := fold("TX-L04碳谷 ab"), ""
	for i, r := range f.text {
		if f.starts[i] {
			words += "|"
		}
		words += string(r)
	}
	if words != "|tx|l|04|碳|谷|ab" {
		t.Errorf("words %s", words)
	}
}

func TestSizesAreRead(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	for text, want := range map[string]Range{
		"60亩": {36000, 44000, 40000}, "60 mu": {36000, 44000, 40000}, "６０畝": {36000, 44000, 40000},
		"约 60 亩": {36000, 44000, 40000}, "60亩左右": {36000, 44000, 40000}, "六十亩": {36000, 44000, 40000},
		"4 ha": {36000, 44000, 40000}, "4公頃": {36000, 44000, 40000}, "4万平米": {36000, 44000, 40000},
		"40,000 m²": {36000, 44000, 40000}, "40000㎡": {36000, 44000, 40000}, "1.5-3 ha": {15000, 30000, 22500},
		"30到60亩": {20000, 40000, 30000}, "≥30亩": {20000, inf, 20000}, "30亩以上": {20000, inf, 20000},
		"at least 30 mu": {20000, inf, 20000}, "<= 30 mu": {0, 20000, 20000}, "一百五十亩以内": {0, 100000, 100000},
		"10 acres": {acreM2 * 9, acreM2 * 11, acreM2 * 10}, "半公顷": {4500, 5500, 5000}, "60亩的地": {36000, 44000, 40000},
		"两千一百亩": {1260000, 1540000, 1400000}, "0.5 km2": {450000, 550000, 500000},
	} {
		got, is := parseSize(text)
		for _, pair := range [][2]float64{{got.LeastM2, want.LeastM2}, {got.MostM2, want.MostM2}, {got.WantM2, want.WantM2}} {
			if !is || pair[0] != pair[1] && math.Abs(pair[0]-pair[1]) > 1e-6 {
				t.Errorf("%q is %v, want %v", text, got, want)
			}
		}
	}
	for _, text := range []string{"", "60", "亩", "mu", "0亩", "-5亩", "80-50亩", "1e99亩", "60亩地 TX", "60 mus ha", "NaN亩",
		"99999999999999999999亩", strings.Repeat("9", 500) + "亩", "六十"} {
		if got, is := parseSize(text); is {
			t.Errorf("%q is no size, but read as %v", text, got)
		}
	}
}

// TestOneWrongCharacterIsOneEdit holds oneOff to the distance of Damerau and Levenshtein, by its definition.
func TestOneWrongCharacterIsOneEdit(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	text := func(n int) []rune {
		all := make([]rune, n)
		for i := range all {
			all[i] = []rune("ab碳c")[random.IntN(4)]
		}
		return all
	}
	hits := 0
	for range 200_000 {
		wanted, have := text(2+random.IntN(5)), text(random.IntN(8))
		near := false
		for n := range len(have) + 1 {
			near = near || distance(wanted, have[:n]) <= 1
		}
		n := oneOff(wanted, []byte(string(have)))
		if near != (n >= 0) || n >= 0 && distance(wanted, []rune(string([]byte(string(have))[:n]))) > 1 {
			t.Fatalf("%q in %q: %d, and by its definition %t", string(wanted), string(have), n, near)
		}
		if near {
			hits++
		}
	}
	if hits < 1000 {
		t.Errorf("only %d were near", hits)
	}
}

// distance is how many characters are wrong, missing, needless or swapped.
func distance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			default:
				wrong := 1
				if a[i-1] == b[j-1] {
					wrong = 0
				}
				d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+wrong)
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], d[i-2][j-2]+1)
				}
			}
		}
	}
	return d[len(a)][len(b)]
}

// TestAChangedIndexFindsWhatANewOneFinds: after many changes, and the shrinking that they bring.
func TestAChangedIndexFindsWhatANewOneFinds(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	names := []string{"碳谷大道", "重庆路", "拓展纤维", "能源站（蒸汽）", "行健路"}
	make1 := func(n int) Thing {
		return Thing{ID: id(n), Kind: Parcel, Status: []string{"available", "held"}[random.IntN(2)],
			Code: fmt.Sprintf("TX-%c%02d", 'A'+random.IntN(5), random.IntN(30)), AreaM2: float64(random.IntN(1000)),
			Names: []Text{{TenantZH, names[random.IntN(len(names))]}, {TenantEN, "Firm " + names[random.IntN(len(names))]}}}
	}
	things := map[int]Thing{}
	var order []int
	for n := range 60 {
		things[n] = make1(n)
		order = append(order, n)
	}
	all := func() []Thing {
		var list []Thing
		for _, n := range order {
			list = append(list, things[n])
		}
		return list
	}
	x := New(all())
	shrunk := 0
	for round := range 300 {
		var gone []uuid.UUID
		var fresh []Thing
		for range 1 + random.IntN(4) {
			n := random.IntN(80)
			if slices.Contains(gone, id(n)) {
				continue
			}
			gone = append(gone, id(n))
			order = slices.DeleteFunc(order, func(m int) bool { return m == n })
			delete(things, n)
			if random.IntN(3) > 0 {
				things[n] = make1(n)
				order = append(order, n)
				fresh = append(fresh, things[n])
			}
		}
		_ = x.With([]uuid.UUID{id(1)}, []Thing{make1(99)}) // one that is never taken leaves nothing behind
		before := len(x.entries)
		x = x.With(gone, fresh)
		if len(x.entries) < before {
			shrunk++
		}
		want := New(all())
		if x.Len() != want.Len() {
			t.Fatalf("round %d: %d things, want %d", round, x.Len(), want.Len())
		}
		for _, text := range []string{"a1", "tx", "碳谷", "tgdd", "chongqing", "zhongqing", "重庆陆", "firm", "hangjian",
			"能源站", "TX-A1x", "拓展 b", "600㎡"} {
			if got, want := found(x, text, 10), found(want, text, 10); got != want {
				t.Fatalf("round %d: %q finds %s, a new index %s", round, text, got, want)
			}
		}
	}
	if shrunk == 0 {
		t.Error("the index never shrank")
	}
}

func TestSizesAndStatusesAreConditions(t *testing.T) {
	t.Parallel()
	words := NewVocabulary(map[string][]string{"available": {"可供", "Available"}, "held": {"锁定"}})
	for text, want := range map[string]string{
		"可供60亩": "true [available] ", "60亩可供": "true [available] ", "可供 60 亩": "true [available] ",
		"available 60 mu": "true [available] ", "60mu available": "true [available] ", "60亩地": "true [] ",
		"可供 tx-c": "false [available] tx-c", "锁定 可供": "false [held available] ", "60亩 拓展": "true [] 拓展",
		"拓展60亩": "false [] 拓展60亩", "m60 mus": "false [] m60 mus", "可供": "false [available] ", "keg": "false [] keg",
	} {
		q := words.Parse(text)
		if got := fmt.Sprintf("%t %v %s", q.Size != nil, q.Statuses, q.raw); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestWhatLooksLikeItComesFirst(t *testing.T) {
	t.Parallel()
	var things []Thing
	for i, code := range []string{"TX-A04", "TX-B08", "TX-L04", "TX-O05"} {
		things = append(things, Thing{ID: id(i), Code: code})
	}
	for text, want := range map[string]string{"TX-I04": "TX-L04", "TX-1O4": "", "tx-b0b": "TX-B08", "tx-005": "TX-O05",
		"tx-c04": "TX-A04"} {
		if first, _, _ := strings.Cut(found(New(things), text, 5), " "); first != want {
			t.Errorf("%s finds first %s, want %s", text, first, want)
		}
	}
}

func TestCodesAreOrderedByTheirNumbers(t *testing.T) {
	t.Parallel()
	want := []string{"A-1", "A-2", "A-10", "B-1", "P-9", "P-99", "P-100"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortStableFunc(got, compareCodes)
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%v", got)
	}
}

// FuzzFind: whatever is typed and whatever things are called, an answer comes, and a thing's own code finds it.
func FuzzFind(f *testing.F) {
	for _, seed := range [][2]string{{"TX-L04", "l4"}, {"碳谷", "tg"}, {"\x00\xff", "%_\\"}, {"a\nb", "a\nb"},
		{strings.Repeat("长", 100), "chang"}, {"\u202e", "60亩"}, {"00", "0"}} {
		f.Add(seed[0], seed[1])
	}
	words := NewVocabulary(map[string][]string{"available": {"可供", "Available"}})
	f.Fuzz(func(t *testing.T, code, text string) {
		if utf8.RuneCountInString(code) > 100 || utf8.RuneCountInString(text) > 200 {
			return // codes, names and what is typed are no longer
		}
		x := New([]Thing{{ID: id(1), Code: code, Status: "available", AreaM2: 1, Names: []Text{{NameZH, text}}}})
		Find([]*Index{x}, words.Parse(text), 20)
		q := words.Parse(code)
		if q.Conditional() || !utf8.ValidString(code) || fold(code).text == "" {
			return
		}
		if hits := Find([]*Index{x}, q, 20); len(hits) != 1 || hits[0].Level != Exact {
			t.Errorf("%q finds %v", code, hits)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000, 1_000_000} {
		things := make([]Thing, n)
		for i := range things {
			things[i] = Thing{ID: uuid.New(), Code: fmt.Sprintf("P-%d", i), Status: "available", AreaM2: float64(i)}
		}
		x := []*Index{New(things)}
		words := NewVocabulary(nil)
		for _, text := range []string{"p", "P-4999", "P-4x99", "60亩"} {
			b.Run(fmt.Sprintf("%d/%s", n, text), func(b *testing.B) {
				for b.Loop() {
					Find(x, words.Parse(text), 20)
				}
			})
		}
	}
}
