package flow

import (
	"bytes"
	_ "embed"
	"sync"
)

//go:embed four_stages.json
var fourStages []byte

// FourStages is the shipped template of an industrial project that a firm invests in. It holds the days that a law
// states in working days and no others: a bureau fills in the rest. No step of it may begin on a promise: which may is
// for each place to list.
var FourStages = sync.OnceValue(func() *Template {
	t, err := Parse(bytes.NewReader(fourStages))
	if err != nil {
		panic("flow: four_stages.json: " + err.Error()) // a broken build, which every test shows
	}
	return t
})
