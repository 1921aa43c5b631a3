package api_test

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/geo"
)

type holding struct {
	Parcels      int
	LegalM2      geo.Area `json:"legal_m2"`
	LegalMu      geo.Mu   `json:"legal_mu"`
	ComputedM2   geo.Area `json:"computed_m2"`
	Status       string
	BuiltLegalM2 *geo.Area `json:"built_legal_m2"`
	BuiltParcels *int      `json:"built_parcels"`
}

type balance struct {
	Park, Scope   string
	Seq           int64
	Datetime      *time.Time
	StateSeq      int64      `json:"state_seq"`
	StateAt       *time.Time `json:"state_at"`
	Rows          []holding
	Total         holding
	BoundaryM2    geo.Area `json:"boundary_m2"`
	UnparcelledM2 geo.Area `json:"unparcelled_m2"`
}

// check holds a balance to its own sums.
func (b balance) check(t testing.TB) {
	t.Helper()
	order := []string{"reserve", "available", "in_negotiation", "held", "reserved", "supplied", "withdrawn"}
	var parcels int
	var legal, computed geo.Area
	for i, row := range b.Rows {
		if i >= len(order) || row.Status != order[i] || (row.BuiltParcels != nil) != (row.Status == "supplied") {
			t.Errorf("row %d is %+v", i, row)
		}
		parcels, legal, computed = parcels+row.Parcels, legal.Add(row.LegalM2), computed.Add(row.ComputedM2)
	}
	if len(b.Rows) != len(order) || parcels != b.Total.Parcels || legal != b.Total.LegalM2 ||
		computed != b.Total.ComputedM2 {
		t.Errorf("rows sum to %d, %s, %s; the total is %+v", parcels, legal, computed, b.Total)
	}
}

func TestTheSamplesBalanceSumsExactlyAndItsReserveIs500Mu(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var b balance
	h.json("/api/parks/carbon-fibre/balance", &b)
	b.check(t)
	if got := b.Rows[0].LegalMu.String(); got != "500.00" {
		t.Errorf("the reserve is %s mu", got)
	}
	// What the feed prints sums to the same, digit for digit.
	var all struct {
		Features []struct {
			Properties struct {
				Status     string
				LegalM2    geo.Area `json:"legal_m2"`
				ComputedM2 geo.Area `json:"computed_m2"`
			}
		}
	}
	h.json("/api/parks/carbon-fibre/parcels.geojson", &all)
	var legal, computed, built geo.Area
	for _, f := range all.Features {
		legal, computed = legal.Add(f.Properties.LegalM2), computed.Add(f.Properties.ComputedM2)
		if f.Properties.Status == "built" {
			built = built.Add(f.Properties.LegalM2)
		}
	}
	if len(all.Features) != b.Total.Parcels || legal != b.Total.LegalM2 || computed != b.Total.ComputedM2 ||
		built != *b.Rows[5].BuiltLegalM2 || built.IsZero() {
		t.Errorf("the feed sums to %d, %s, %s, %s built; the balance says %+v", len(all.Features), legal, computed,
			built, b.Total)
	}
	// PostGIS measures what no parcel covers on its own.
	var want float64
	if err := h.db.Owner.QueryRow(t.Context(), `SELECT ST_Area(ST_Transform(ST_Difference(p.geom, ST_Union(f.geom)),
       p.survey_crs))
		FROM park_public p JOIN parcel_public f USING (park_id) WHERE p.code = 'carbon-fibre'
		  AND f.to_seq IS NULL GROUP BY p.park_id`).Scan(&want); err != nil {
		t.Fatal(err)
	}
	if got := b.UnparcelledM2.M2(); math.Abs(got-want) > 1 {
		t.Errorf("unparcelled: %.3f m², PostGIS says %.3f", got, want)
	}
}

func TestTheBalanceOfAnyDate(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.plot("alpha")
	var id uuid.UUID
	one := p.change(func(tx pgx.Tx, seq int64) {
		id = p.add(tx, seq, "one", "reserve")
		p.add(tx, seq, "two", "available")
	})
	two := p.change(func(tx pgx.Tx, seq int64) { p.edit(tx, seq, id, "available") })
	three := p.change(func(tx pgx.Tx, seq int64) { p.edit(tx, seq, id, "") })
	shanghai := time.FixedZone("", 8*3600)
	today := p.at(one).In(shanghai)
	if p.at(three).In(shanghai).Day() != today.Day() {
		t.Skip("midnight in Shanghai fell between two records")
	}
	for _, c := range []struct {
		at                 string
		reserve, available int
		live               bool // what has not passed yet is now
		state              int64
	}{
		{"", 0, 1, true, three}, {p.at(one).Format(time.RFC3339Nano), 1, 1, false, one},
		{p.at(two).Add(-time.Microsecond).Format(time.RFC3339Nano), 1, 1, false, one},
		{p.at(two).Format(time.RFC3339Nano), 0, 2, false, two},
		{p.at(three).Format(time.RFC3339Nano), 0, 1, false, three},
		{today.Format(time.DateOnly), 0, 1, true, three},
		{today.AddDate(0, 0, -1).Format(time.DateOnly), 0, 0, false, 0},
		{"1999-12-31", 0, 0, false, 0}, {"2999-01-01", 0, 1, true, three},
	} {
		var b balance
		h.json("/api/parks/alpha/balance?datetime="+strings.ReplaceAll(c.at, "+", "%2B"), &b)
		b.check(t)
		if b.Rows[0].Parcels != c.reserve || b.Rows[1].Parcels != c.available || (b.Datetime == nil) != c.live ||
			b.Seq != three || b.StateSeq != c.state || (b.StateAt == nil) != (c.state == 0) ||
			b.StateAt != nil && !b.StateAt.Equal(p.at(c.state)) {
			t.Errorf("at %q: %d reserve, %d available, %+v", c.at, b.Rows[0].Parcels, b.Rows[1].Parcels, b)
		}
	}
	for _, bad := range []string{"yesterday", "2026-02-30", "2026-01-01/..", "24:00"} {
		if r := h.get("/api/parks/alpha/balance?datetime=" + bad); r.StatusCode != http.StatusBadRequest ||
			r.problem(t).Field != "datetime" {
			t.Errorf("datetime %q: %s", bad, r.Status)
		}
	}
}

func TestADayEndsInTheParksTimeZone(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.plot("alpha")
	var b balance
	h.json("/api/parks/alpha/balance?datetime=2026-06-30", &b)
	if want := "2026-06-30T15:59:59.999999Z"; b.Datetime == nil || b.Datetime.Format(time.RFC3339Nano) != want {
		t.Errorf("the day ends at %v, want %s", b.Datetime, want)
	}
	b.check(t)
}

func TestParksAndTheirFacts(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var list struct{ Parks []map[string]any }
	h.json("/api/parks", &list)
	if len(list.Parks) != h.count("SELECT count(*) FROM park") || len(list.Parks) != 6 {
		t.Fatalf("%d parks", len(list.Parks))
	}
	for _, park := range list.Parks {
		var one map[string]any
		h.json("/api/parks/"+park["code"].(string), &one)
		a, _ := json.Marshal(park)
		b, _ := json.Marshal(one)
		if !bytes.Equal(a, b) {
			t.Errorf("listed %s, alone %s", a, b)
		}
		if want := h.count("SELECT count(*) FROM parcel_public f JOIN park p USING (park_id) WHERE p.code = $1 AND "+
			"to_seq IS NULL", park["code"]); park["parcels"] != float64(want) {
			t.Errorf("%s: %v parcels, want %d", park["code"], park["parcels"], want)
		}
		if box, ok := park["bbox"].([]any); !ok || len(box) != 4 {
			t.Errorf("%s: bbox %v", park["code"], park["bbox"])
		}
	}
}

func TestAParcelsFactsAndNeighbours(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var all items
	h.json("/api/parks/carbon-fibre/parcels.geojson", &all)
	neighbours := map[[2]string]float64{}
	for _, f := range all.Features {
		var facts map[string]any
		h.json("/api/parks/carbon-fibre/parcels/"+f.ID, &facts)
		for name, value := range f.Properties {
			a, _ := json.Marshal(value)
			b, _ := json.Marshal(facts[name])
			if !bytes.Equal(a, b) {
				t.Errorf("%s of %s: the feed has %s, the facts %s", name, f.ID, a, b)
			}
		}
		point := facts["point"].([]any)
		if h.count("SELECT count(*) FROM parcel_public WHERE parcel_id = $1 AND to_seq IS NULL AND ST_Contains(geom, "+
			"ST_SetSRID(ST_MakePoint($2, $3), 4490))", f.ID, point[0], point[1]) != 1 {
			t.Errorf("%s: the point %v lies outside", f.ID, point)
		}
		if facts["zone"] != nil && facts["zone_name_zh"] == nil {
			t.Errorf("%s has a zone without a name", f.ID)
		}
		for _, n := range facts["neighbours"].([]any) {
			n := n.(map[string]any)
			neighbours[[2]string{f.ID, n["id"].(string)}] = n["shared_m"].(float64)
		}
	}
	for pair, length := range neighbours {
		if back := neighbours[[2]string{pair[1], pair[0]}]; math.Abs(back-length) > 0.001 || length <= 0 {
			t.Errorf("%v share %g m one way and %g m the other", pair, length, back)
		}
	}
	if len(neighbours) < len(all.Features) {
		t.Errorf("%d parcels have %d neighbours in all", len(all.Features), len(neighbours))
	}
}

func TestAreasThatDisagreeAreNoted(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.plot("alpha")
	var id uuid.UUID
	// 6000.5 m² legal, some 6,300 drawn
	p.change(func(tx pgx.Tx, seq int64) { id = p.add(tx, seq, "one", "available") })
	for lang, word := range map[string]string{"zh": "相差", "en": "differs"} {
		var facts struct {
			Note *string `json:"area_note"`
		}
		h.json("/api/parks/alpha/parcels/"+id.String()+"?lang="+lang, &facts)
		if facts.Note == nil || !strings.Contains(*facts.Note, word) {
			t.Errorf("%s: note %v", lang, facts.Note)
		}
	}
}

func TestSearchFindsCodesTenantsAndProjectsInBothLanguages(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.plot("alpha")
	h.plot("beta")
	p.change(func(tx pgx.Tx, seq int64) {
		for _, code := range []string{"A-1", "A-10", "A-100", "B_1", "B%2", `C\3`, "长A-1"} {
			p.add(tx, seq, code, "available")
		}
	})
	if _, err := h.db.Owner.Exec(t.Context(), `UPDATE parcel_public SET tenant_zh = '威海拓展纤维有限公司',
		tenant_en = 'Tuozhan Fibre', project_zh = '原丝项目', project_en = 'Precursor' WHERE code = 'B_1'`); err != nil {
		t.Fatal(err)
	}
	for q, want := range map[string]string{
		"A-1": "A-1 A-10 A-100 长A-1", "a-10": "A-10 A-100", "_": "B_1", "%": "B%2", `\`: `C\3`, "拓展纤维": "B_1",
		"拓展": "B_1", "tuozhan": "B_1", "原丝": "B_1",
		"PRECURSOR": "B_1", "nothing": "", "'; DROP TABLE parcel_public; --": "", "  A-100  ": "A-100",
	} {
		for _, park := range []string{"", "alpha"} {
			var found struct {
				Hits []struct{ Code, Park, ID string }
			}
			h.json("/api/search?q="+escape(q)+"&park="+park, &found)
			var codes []string
			for _, hit := range found.Hits {
				codes = append(codes, hit.Code)
			}
			if got := strings.Join(codes, " "); got != want {
				t.Errorf("%q in %q: got %q, want %q", q, park, got, want)
			}
		}
	}
	var none struct{ Hits []any }
	h.json("/api/search?q=A&park=beta", &none)
	if none.Hits == nil || len(none.Hits) != 0 {
		t.Errorf("the other park has %v", none.Hits)
	}
	for _, c := range []struct{ query, field string }{{"", "q"}, {"q=", "q"}, {"q=%20", "q"},
		{"q=" + strings.Repeat("x", 101), "q"}, {"q=a&limit=0", "limit"}, {"q=a&limit=101", "limit"},
		{"q=a&limit=x", "limit"}} {
		if r := h.get("/api/search?" + c.query); r.StatusCode != http.StatusBadRequest ||
			r.problem(t).Field != c.field {
			t.Errorf("%.40q: %s %s", c.query, r.Status, r.body)
		}
	}
	var two struct{ Hits []any }
	if h.json("/api/search?q=A&limit=2", &two); len(two.Hits) != 2 {
		t.Errorf("limit 2 gives %d", len(two.Hits))
	}
}

func TestSearchFindsACodeAmongManyParcels(t *testing.T) {
	t.Parallel()
	h := large(t)
	var found struct{ Hits []struct{ Code string } }
	h.json("/api/search?q=P-4999", &found)
	if len(found.Hits) != 11 || found.Hits[0].Code != "P-4999" || found.Hits[10].Code != "P-49999" {
		t.Errorf("%+v", found)
	}
}
