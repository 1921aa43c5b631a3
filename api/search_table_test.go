package api_test

import (
	"fmt"
	"strings"
	"testing"
)

// searched is what tests read of an answer to a search.
type searched struct {
	Hits []struct {
		Kind, Code, Park, ID string
		Status               *string
		LegalMu              *float64 `json:"legal_mu"`
		Matched              struct{ Field, How string }
	}
	Lists []struct {
		Statuses      []string
		LeastMu       *float64 `json:"least_mu"`
		MostMu        *float64 `json:"most_mu"`
		Parcels, Free int
	}
	Next []struct {
		Do     string
		AreaMu *float64 `json:"area_mu"`
	}
}

func (s searched) codes() string {
	var codes []string
	for _, hit := range s.Hits {
		codes = append(codes, hit.Code)
	}
	return strings.Join(codes, " ")
}

// searchTable is what people type of the sample's carbon-fibre park, and what each must find first: its kind, code, the
// text it was found in and how.
var searchTable = []struct{ typed, first string }{
	// codes as they are written, and as people write them
	{"TX-L04", "parcel TX-L04 code exact"}, {"tx-l04", "parcel TX-L04 code exact"},
	{"l4", "parcel TX-L04 code exact"}, {"L4", "parcel TX-L04 code exact"}, {"L-04", "parcel TX-L04 code exact"},
	{"TX L04", "parcel TX-L04 code exact"}, {"txl4", "parcel TX-L04 code exact"},
	{"ＴＸ－Ｌ０４", "parcel TX-L04 code exact"}, {"ｌ４", "parcel TX-L04 code exact"},
	{"  tx . l / 4 ", "parcel TX-L04 code exact"}, {"TX–L04", "parcel TX-L04 code exact"},
	{"TX\u200bL04", "parcel TX-L04 code exact"}, {"tx_d10", "parcel TX-D10 code exact"},
	{"d1", "parcel TX-D01 code exact"}, {"TX-L", "parcel TX-L01 code prefix"}, {"l", "parcel TX-L01 code prefix"},
	{"tx", "parcel TX-A01 code prefix"}, {"rd t", "road RD-T code exact"}, {"ss1", "node SS-1 code exact"},
	{"ss-01", "node SS-1 code exact"}, {"gs 00", "node GS-0 code exact"}, {"FP", "zone FP code exact"},
	{"pu a 1101", "plan_unit PU-A-1101 code exact"},
	// one wrong, missing, needless or swapped character in a code
	{"TX-LO4", "parcel TX-L04 code fuzzy"}, {"tx-i04", "parcel TX-L04 code fuzzy"}, {"TXX-L04", "parcel TX-L04 code fuzzy"},
	{"XT-L04", "parcel TX-L04 code fuzzy"}, {"PU-A-110l", "plan_unit PU-A-1101 code fuzzy"},
	// names of roads, zones, nodes, firms, the park
	{"碳谷大道", "road RD-T name_zh exact"}, {"西环", "road RD-W name_zh prefix"},
	{"大道", "road RD-T name_zh word"}, {"Fibre Road", "road RD-A name_en exact"},
	{"fibreroad", "road RD-A name_en exact"}, {"carbon val", "road RD-T name_en prefix"},
	{"碳纤维生产区", "zone FP name_zh exact"}, {"孵化区", "zone RI name_zh word"},
	{"research zone", "zone RI name_en word"}, {"变电站", "node SS-1 name_zh word"},
	{"110kV变电站二", "node SS-2 name_zh exact"}, {"能源站", "node NT-0 name_zh exact"},
	{"高速公路", "road RD-X name_zh exact"}, {"拓展纤维", "parcel TX-B02 tenant_zh exact"},
	{"Tuozhan Fibre", "parcel TX-B02 tenant_en exact"}, {"预浸料", "parcel TX-L03 project_zh prefix"},
	{"拓展 c2", "parcel TX-C02 tenant_zh word"}, {"碳纤维产业园", "park carbon-fibre name_zh exact"},
	// traditional characters
	{"纖維路", "road RD-A name_zh exact"}, {"創新路", "road RD-B name_zh exact"},
	{"東環路", "road RD-E name_zh exact"}, {"碳纖維生產區", "zone FP name_zh exact"},
	{"高速公路（示意）", "road RD-X name_zh exact"}, {"變電站二", "node SS-2 name_zh word"},
	// pinyin, with tones, in pieces, its initials, and where a character is read in two ways
	{"tangudadao", "road RD-T name_zh pinyin"}, {"tan gu da dao", "road RD-T name_zh pinyin"},
	{"tāngǔ dàdào", "road RD-T name_zh pinyin"}, {"TGDD", "road RD-T name_zh pinyin"},
	{"xianweilu", "road RD-A name_zh pinyin"}, {"tuozhan", "parcel TX-B02 tenant_en prefix"},
	{"biandianzhan", "node SS-1 name_zh pinyin"}, {"chanyehuashengchanqu", "zone IP name_zh pinyin"},
	{"cyhscq", "zone IP name_zh pinyin"}, {"scq", "zone FP name_zh pinyin"}, {"wuchuli", ""},
	{"wushuichulichang", "node SW-0 name_zh pinyin"},
	// one wrong character in a name: of the same sound, and another
	{"滨和路", "road RD-S name_zh pinyin"}, {"碳谷大刀", "road RD-T name_zh pinyin"},
	{"碳古大道", "road RD-T name_zh pinyin"}, {"纺纱路", "road RD-1 name_zh fuzzy"},
	{"碳纤维生户区", "zone FP name_zh fuzzy"}, {"Fibre Raod", "road RD-A name_en fuzzy"},
	{"Carbom Valley", "road RD-T name_en fuzzy"}, {"tangudadap", "road RD-T name_zh fuzzy"},
	// sizes: those that can be had first, then the nearest
	{"60亩", "parcel TX-C02 size listed"}, {"60 mu", "parcel TX-C02 size listed"},
	{"６０畝", "parcel TX-C02 size listed"}, {"六十亩", "parcel TX-C02 size listed"},
	{"4公顷", "parcel TX-C02 size listed"}, {"4 ha", "parcel TX-C02 size listed"},
	{"9.88 acres", "parcel TX-C02 size listed"}, {"40000㎡", "parcel TX-C02 size listed"},
	{"4万平米", "parcel TX-C02 size listed"}, {"50-80 mu", "parcel TX-C02 size listed"},
	{"22.8亩", "parcel TX-C05 size listed"}, {"70亩以上", "parcel TX-C01 size listed"},
	// statuses
	{"可供", "parcel TX-A02 status listed"}, {"Available", "parcel TX-A02 status listed"},
	{"kegong", "parcel TX-A02 status listed"}, {"空地", "parcel TX-A02 status listed"},
	{"avialable", "parcel TX-A02 status listed"}, {"已建成", "parcel TX-A01 status listed"},
	{"已供在建", "parcel TX-A03 status listed"}, {"in negotiation", "parcel TX-F06 status listed"},
	{"available tx-c", "parcel TX-C05 code prefix"}, {"23亩 可供", "parcel TX-A02 size listed"},
	{"可供23亩", "parcel TX-A02 size listed"}, {"60亩的地", "parcel TX-C02 size listed"},
	// nothing
	{"no such thing", ""}, {"TX-Z99", ""}, {"%", ""}, {"_", ""}, {"'; DROP TABLE parcel_public; --", ""}, {"☃", ""},
}

// TestSearchFindsFirstWhatIsMeant: what is found first, of all that people may type.
func TestSearchFindsFirstWhatIsMeant(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	for _, row := range searchTable {
		var found searched
		h.json("/api/search?park=carbon-fibre&q="+escape(row.typed), &found)
		first := ""
		if len(found.Hits) > 0 {
			hit := found.Hits[0]
			first = fmt.Sprintf("%s %s %s %s", hit.Kind, hit.Code, hit.Matched.Field, hit.Matched.How)
		}
		if first != row.first {
			t.Errorf("%q finds first %q, want %q; all: %s", row.typed, first, row.first, found.codes())
		}
		if first == "" && len(found.Next) == 0 {
			t.Errorf("%q finds nothing and leads nowhere", row.typed)
		}
		var again searched
		if h.json("/api/search?park=carbon-fibre&q="+escape(row.typed), &again); again.codes() != found.codes() {
			t.Errorf("%q: %s, and again %s", row.typed, found.codes(), again.codes())
		}
	}
	if len(searchTable) < 60 {
		t.Errorf("%d rows", len(searchTable))
	}
}
