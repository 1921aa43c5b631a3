package land

import (
	"errors"
	"testing"

	"luodi/geo"
)

func TestServicesAreReadByOneVocabulary(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"power": true}`:             `{"power":{"ready":true,"capacity":null,"unit":null}}`,
		`{"power": {"ready": true}}`:  `{"power":{"ready":true,"capacity":null,"unit":null}}`,
		`{"PowER": {"ready": false}}`: `{"power":{"ready":false,"capacity":null,"unit":null}}`,
		`{"sewage": {"ready": true}}`: `{"sewer":{"ready":true,"capacity":null,"unit":null}}`,
		`{"污水": false, "给水": {"ready": true, "capacity": 400, "unit": "m3/d"}}`: `{"sewer":{"ready":false,"capacity":null,"unit":null},"water":{"ready":true,"capacity":400,"unit":"m3/d"}}`,
		"三通一平":         `{"levelled":{"ready":true,"capacity":null,"unit":null},"power":{"ready":true,"capacity":null,"unit":null},"road":{"ready":true,"capacity":null,"unit":null},"water":{"ready":true,"capacity":null,"unit":null}}`,
		"通路、 通电":       `{"power":{"ready":true,"capacity":null,"unit":null},"road":{"ready":true,"capacity":null,"unit":null}}`,
		"通讯":           `{"telecom":{"ready":true,"capacity":null,"unit":null}}`,
		"water supply": ``,
		`{}`:           `{}`,
	} {
		got, err := readServices(text, nil)
		if want == "" && err != nil {
			continue
		}
		if err != nil || got != want {
			t.Errorf("%s: %s %v", text, got, err)
		}
	}
	for text, field := range map[string]string{
		`{"power": {"ready": "yes"}}`:                              "services.power.ready",
		`{"water": {}}`:                                            "services.water.ready",
		`{"water": null}`:                                          "services.water",
		`{"road": {"ready": true, "note": "x"}}`:                   "services.road.note",
		`{"gas": {"ready": true, "capacity": 3}}`:                  "services.gas.unit",
		`{"gas": {"ready": true, "unit": "m3/h"}}`:                 "services.gas.capacity",
		`{"gas": {"ready": true, "capacity": -1, "unit": "m3/h"}}`: "services.gas.capacity",
		`{"gas": {"ready": true, "stated_on": "soon"}}`:            "services.gas.stated_on",
		`{"sewer": true, "sewage": true}`:                          "services.sewer",
		`{"fibre": true}`:                                          "services",
		`{"power": true} x`:                                        "services",
		`[1]`:                                                      "services",
		`"{}"`:                                                     "services",
		``:                                                         "services",
		`nothing`:                                                  "services",
	} {
		got, err := readServices(text, nil)
		var invalid *geo.Invalid
		if !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %s %v, want a refusal of %s", text, got, err, field)
		}
	}
}
