package main

import (
	"regexp"

	"luodi/geo"
)

// origin is the scheme, the host and perhaps the port of a web site.
type origin string

var originForm = regexp.MustCompile(`^https?://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?$`)

// UnmarshalText reads an origin: no path, no wildcard, nothing that could end the rule that it is written into.
func (o *origin) UnmarshalText(text []byte) error {
	if !originForm.Match(text) {
		return geo.NewInvalid("embed-by", "embed.origin", string(text))
	}
	*o = origin(text)
	return nil
}

// framers are origins as [api.Options] takes them.
func framers(origins []origin) []string {
	all := make([]string, len(origins))
	for i, each := range origins {
		all[i] = string(each)
	}
	return all
}
