// Package geotest makes values of the vocabulary out of texts for tests: a bad text panics. Nothing but tests imports
// it.
package geotest

import "luodi/geo"

// Mu is [geo.ParseMu].
func Mu(s string) geo.Mu { return must(geo.ParseMu(s)) }

// Amount is [geo.ParseAmount].
func Amount(s string) geo.Amount { return must(geo.ParseAmount(s)) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
