package land

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"luodi/geo"
)

// serviceWords are what files call services, in lower case and without 通 (connected), 到位 (ready) and spaces, beside
// their keys. What a parcel can draw (sewage) and what reaches it (sewer) is one service.
var serviceWords = map[ServiceKey][]string{
	ServiceRoad:     {"roads", "路", "道路"},
	ServiceWater:    {"watersupply", "水", "给水", "供水", "上水", "自来水"},
	ServiceSewer:    {"sewage", "sewerage", "drainage", "排水", "污水", "下水"},
	ServicePower:    {"electricity", "electric", "电", "电力", "供电"},
	ServiceSteam:    {"heat", "heating", "热", "热力", "供热", "暖", "蒸汽", "暖气"},
	ServiceGas:      {"naturalgas", "气", "燃气", "煤气", "天然气", "供气"},
	ServiceTelecom:  {"telecoms", "telecommunication", "讯", "通讯", "通信", "电讯", "电信"},
	ServiceLevelled: {"leveled", "level", "levelling", "平", "平整", "场地平整", "土地平整", "一平"},
	ServiceNitrogen: {"氮气", "氮"},
}

// serviceSets are the states of land that supply papers name: so many connections and levelled ground.
var serviceSets = map[string][]ServiceKey{
	"三通一平": {ServiceRoad, ServiceWater, ServicePower, ServiceLevelled},
	"五通一平": {ServiceRoad, ServiceWater, ServiceSewer, ServicePower, ServiceTelecom, ServiceLevelled},
	"七通一平": {ServiceRoad, ServiceWater, ServiceSewer, ServicePower, ServiceTelecom, ServiceGas, ServiceSteam,
		ServiceLevelled},
}

// serviceOf finds a service by its key or what files call it; false for another word.
func serviceOf(word string) (ServiceKey, bool) {
	plain := strings.ToLower(strings.Join(strings.FieldsFunc(word, func(r rune) bool {
		return r == ' ' || r == '_' || r == '-'
	}), ""))
	for _, bare := range []string{plain, strings.TrimSuffix(strings.TrimPrefix(plain, "通"), "到位")} {
		for _, key := range ServiceKeys() {
			if bare == string(key) || slices.Contains(serviceWords[key], bare) {
				return key, true
			}
		}
	}
	return "", false
}

// readServices reads what reaches a parcel:
//
//	{"water": {"ready": true, "capacity": 400, "unit": "m3/d", "stated_on": "2026-11-29"}, "power": true}
//	七通一平
//	路、给水、电
//
// A service goes by its key or another word for it, in either case; true stands for {"ready": true}. What can't be read
// is a [geo.Invalid] for the part that it is about, such as services.water.ready.
func readServices(text string, _ map[string]string) (string, error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") {
		return readServiceList(text)
	}
	members := map[string]json.RawMessage{}
	if err := decodeWhole(text, &members); err != nil {
		return "", geo.NewInvalid("services", "services.object", text)
	}
	kept := map[ServiceKey]*serviceValue{}
	for word, raw := range members {
		key, known := serviceOf(word)
		if !known {
			return "", unknownService(word)
		}
		if kept[key] != nil {
			return "", geo.NewInvalid("services."+string(key), "services.once", word)
		}
		value, err := readService("services."+string(key), raw)
		if err != nil {
			return "", err
		}
		kept[key] = value
	}
	out, err := json.Marshal(kept)
	return string(out), err
}

func unknownService(word string) error {
	_, err := ParseServiceKey(word)
	return err
}

// readServiceList reads words in a row: all of them are ready.
func readServiceList(text string) (string, error) {
	kept := map[ServiceKey]*serviceValue{}
	ready := true
	add := func(keys ...ServiceKey) {
		for _, key := range keys {
			kept[key] = &serviceValue{Ready: &ready}
		}
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，、;； +/", r) }) {
		if set, known := serviceSets[word]; known {
			add(set...)
			continue
		}
		key, known := serviceOf(word)
		if !known {
			return "", unknownService(word)
		}
		add(key)
	}
	if len(kept) == 0 {
		return "", geo.NewInvalid("services", "services.object", text)
	}
	out, err := json.Marshal(kept)
	return string(out), err
}

// readService reads one service: whether it is ready, or that with its capacity.
func readService(at string, raw json.RawMessage) (*serviceValue, error) {
	var ready bool
	if json.Unmarshal(raw, &ready) == nil && string(raw) != "null" {
		return &serviceValue{Ready: &ready}, nil
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &members); err != nil || members == nil {
		return nil, geo.NewInvalid(at, "services.value", string(raw))
	}
	v := &serviceValue{}
	for name, member := range members {
		field, got := at+"."+name, string(member)
		var refused error
		switch name {
		case "ready":
			if json.Unmarshal(member, &v.Ready) != nil {
				refused = geo.NewInvalid(field, "services.ready", got)
			}
		case "capacity":
			if json.Unmarshal(member, &v.Capacity) != nil {
				refused = geo.NewInvalid(field, "services.capacity", got)
			}
		case "unit":
			if json.Unmarshal(member, &v.Unit) != nil {
				refused = geo.NewInvalid(field, "services.unit", got)
			}
		case "stated_on":
			if json.Unmarshal(member, &v.StatedOn) != nil {
				refused = geo.NewInvalid(field, "services.day", got)
			}
		default:
			refused = geo.NewInvalid(field, "one_of", name, "values", "ready, capacity, unit, stated_on")
		}
		if refused != nil {
			return nil, refused
		}
	}
	return v, v.check(at)
}

// check completes a service and tells what is missing.
func (v *serviceValue) check(at string) (err error) {
	switch {
	case v.Ready == nil:
		return geo.NewInvalid(at+".ready", "services.ready", geo.None())
	case v.Capacity != nil && !(*v.Capacity >= 0 && !math.IsInf(*v.Capacity, 0)):
		return geo.NewInvalid(at+".capacity", "services.capacity", *v.Capacity)
	case v.Capacity != nil && v.Unit == nil:
		return geo.NewInvalid(at+".unit", "services.unit", geo.None())
	case v.Capacity == nil && v.Unit != nil:
		return geo.NewInvalid(at+".capacity", "services.capacity", geo.None())
	}
	if v.Unit != nil {
		if *v.Unit, err = ParseLine(at+".unit", *v.Unit, MaxLine); err != nil {
			return err
		}
	}
	if v.StatedOn != nil {
		*v.StatedOn, err = ParseDay(at+".stated_on", *v.StatedOn)
	}
	return err
}

// decodeWhole reads JSON that is one value.
func decodeWhole(text string, into any) error {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}
