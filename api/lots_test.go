package api_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
)

// TestTheReserveOffersLotsOfEverySize asks for lots out of the sample's largest reserve parcels, and makes the first by
// a split along the cut it names.
func TestTheReserveOffersLotsOfEverySize(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	var largest, most = "", 0.0
	var parks object
	h.json("/api/parks/carbon-fibre/parcels.geojson", &parks)
	for _, f := range parks["features"].([]any) {
		p := at(f, "properties").(object)
		if p["status"] == "reserve" && p["legal_m2"].(float64) > most {
			largest, most = p["code"].(string), p["legal_m2"].(float64)
		}
	}
	for _, mu := range []float64{20, 40, 60, 80, 120} {
		if mu*10000/15 > most {
			t.Logf("the largest reserve parcel, %s, has %.1f mu", largest, most*15/10000)
			break
		}
		a := h.ask("/api/carve", http.StatusOK,
			fmt.Sprintf(`{"park":"carbon-fibre","parcel":%q,"area_mu":%g,"frontage_m":100}`, largest, mu))
		lots := a["lots"].([]any)
		if len(lots) < 3 {
			t.Errorf("%v mu: %d lots", mu, len(lots))
		}
		for i, l := range lots {
			one := l.(object)
			t.Logf("%s, %v mu, %d: %.2f m² on %v, %.1f m of frontage, cut %v points", largest, mu, i+1, one["area_m2"],
				one["road"], one["frontage_m"], len(at(one, "cut", "coordinates").([]any)))
			if math.Abs(one["area_m2"].(float64)-mu*10000/15) > 0.5 || one["frontage_m"].(float64) < 100 ||
				one["rest"] == nil {
				t.Errorf("%v mu: %v", mu, one)
			}
		}
	}
	p := h.ask("/api/carve", http.StatusUnprocessableEntity,
		fmt.Sprintf(`{"park":"carbon-fibre","parcel":%q,"area_mu":20,"frontage_m":90000}`, largest))
	if strings.TrimSpace(p["detail"].(string)) == "" {
		t.Errorf("%v", p)
	}
	h.ask("/api/carve", http.StatusNotFound, `{"park":"carbon-fibre","parcel":"nowhere","area_mu":20,"frontage_m":100}`)
	h.ask("/api/carve", http.StatusUnprocessableEntity,
		fmt.Sprintf(`{"park":"carbon-fibre","parcel":%q,"area_mu":-20,"frontage_m":100}`, largest))
}

func TestNeighboursAreAssembled(t *testing.T) {
	t.Parallel()
	h := withSample(t)
	a := h.ask("/api/assemble", http.StatusOK, `{"park":"carbon-fibre","min_mu":60,"max_mu":80,"reserve":true}`)
	sets := a["sets"].([]any)
	if len(sets) == 0 || a["proven"] != true {
		t.Fatalf("%v", a)
	}
	for _, s := range sets {
		if mu := s.(object)["area_mu"].(float64); mu < 60 || mu > 80 {
			t.Errorf("%v", s)
		}
		t.Logf("%v: %.2f mu", s.(object)["codes"], s.(object)["area_mu"])
	}
	h.ask("/api/assemble", http.StatusUnprocessableEntity, `{"park":"carbon-fibre","min_mu":80,"max_mu":60}`)
}
