package ogc

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"luodi/api/page"
	"luodi/data/feed"
	"luodi/message"
)

// valueText is what a page writes for a value of a property: the words of the map for a status, a kind or a class of
// land use, the value itself where it has none.
func valueText(lang message.Lang, p *feed.Property, value string) string {
	key := "web." + p.Name + "." + value
	switch p.Name {
	case "bank_status":
		key = "web.status." + value
	case "headroom_told", "capacity_told", "price_told", "services_told":
		key = "web.told." + value
	case "price_kind":
		key = "web.price." + value
	case "land_use":
		return landUseText(lang, value)
	}
	if p.Values == nil || !message.Known(key) {
		return value
	}
	return message.Text(lang, key)
}

// landUseText is the name of a class, or of the nearest above it, and its code: 100102 lies in 1001 and in 10.
func landUseText(lang message.Lang, code string) string {
	for n := len(code); n >= 2; n -= 2 {
		if key := "web.landuse." + code[:n]; message.Known(key) {
			return message.Text(lang, key) + " " + code
		}
	}
	return code
}

// cell writes a property's value as a page shows it.
func cell(f *feed.Parsed, lang message.Lang, p *feed.Property) page.Cell {
	return PropertyCell(lang, p, f.Properties[p.Name])
}

// PropertyCell writes a property's value, given as JSON, as a page shows it; null is a dash.
func PropertyCell(lang message.Lang, p *feed.Property, raw json.RawMessage) page.Cell {
	var text string
	_ = json.Unmarshal(raw, &text) // what is no text stays ""
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return page.Cell{Text: "—"}
	case p.Kind == feed.Object:
		return page.Cell{Text: objectText(lang, p.Name, raw)}
	case p.Kind == feed.Boolean:
		key := map[string]string{"true": "api.page.yes", "false": "api.page.no"}[string(raw)]
		return page.Cell{Text: message.Text(lang, key)}
	case p.Kind == feed.Instant:
		return page.Cell{Text: instantText(text)}
	case p.Kind == feed.Text || p.Kind == feed.Day:
		cell := page.Cell{Text: valueText(lang, p, text)}
		if p.Name == "status" || p.Name == "kind" {
			cell.Class = className(text)
		}
		return cell
	case p.Kind == feed.Integer:
		return page.Cell{Text: string(raw), Number: true}
	}
	return page.Cell{Text: Grouped(string(raw)), Number: true}
}

// className is a value as a class of the style sheet, "" for one that can't be a class.
func className(value string) string {
	if strings.Trim(value, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return ""
	}
	return value
}

// instantText writes an instant to the second; UTC, as the feed has it.
func instantText(text string) string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return at.UTC().Format("2006-01-02 15:04:05 UTC")
}

// Grouped puts a comma between groups of three digits of a decimal, and drops zeros at its end.
func Grouped(number string) string {
	whole, rest, _ := strings.Cut(number, ".")
	sign := ""
	if digits, negative := strings.CutPrefix(whole, "-"); negative {
		sign, whole = "-", digits
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest = strings.TrimRight(rest, "0"); rest != "" {
		whole += "." + rest
	}
	return sign + whole
}

// objectText writes services and planning conditions in words, any other object as it is.
func objectText(lang message.Lang, name string, raw json.RawMessage) string {
	var facts map[string]struct {
		Ready    *bool
		Capacity *json.Number
		Unit     *string
		Min, Max *json.Number
		StatedOn string `json:"stated_on"`
	}
	prefix := map[string]string{"services": "web.service.", "conditions": "web.condition."}[name]
	if prefix == "" || json.Unmarshal(raw, &facts) != nil {
		return string(raw)
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(facts)) {
		fact, title := facts[key], prefix+key
		if !message.Known(title) {
			continue
		}
		value := rangeText(lang, fact.Min, fact.Max)
		if fact.Ready != nil {
			value = readyText(lang, *fact.Ready, fact.Capacity, fact.Unit)
			if fact.Min != nil && fact.Max != nil { // in place of the capacity
				value += " " + rangeText(lang, fact.Min, fact.Max) + unitText(fact.Unit)
			}
			if fact.StatedOn != "" {
				value += " · " + message.Text(lang, "web.price.on", "day", fact.StatedOn)
			}
		}
		parts = append(parts, message.Text(lang, "api.page.services", "name", message.Text(lang, title), "value", value))
	}
	if len(parts) == 0 {
		return "—"
	}
	return strings.Join(parts, message.Text(lang, "api.page.join"))
}

func readyText(lang message.Lang, ready bool, capacity *json.Number, unit *string) string {
	key := "web.service.notready"
	if ready {
		key = "web.service.ready"
	}
	text := message.Text(lang, key)
	if capacity != nil {
		text += " " + capacity.String() + unitText(unit)
	}
	return text
}

// unitText writes a unit after its number; "" where none is stated.
func unitText(unit *string) string {
	if unit == nil {
		return ""
	}
	return " " + strings.ReplaceAll(*unit, "m3", "m³")
}

func rangeText(lang message.Lang, least, most *json.Number) string {
	switch {
	case least != nil && most != nil:
		return message.Text(lang, "web.condition.between", "min", least.String(), "max", most.String())
	case least != nil:
		return message.Text(lang, "web.condition.atleast", "min", least.String())
	case most != nil:
		return message.Text(lang, "web.condition.atmost", "max", most.String())
	}
	return "—"
}
