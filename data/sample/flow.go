package sample

import (
	"encoding/json"
	"fmt"

	_ "embed"

	"luodi/data/registry"
)

// Flow is the approvals of a project of the sample: the report tells that one firm broke ground a month before its
// plan, that key points are told early and that meetings unblock; every step and day is made up to show that.
type Flow struct {
	Project string `json:"project"`
	registry.NewFlow
	Events []registry.NewFlowEvent `json:"events"`
}

//go:embed youkang_flow.json
var youkangFlow []byte

// flow puts the approvals of the one project in that the report gives figures of.
func (l *loader) flow() {
	if l.err != nil {
		return
	}
	var f Flow
	if err := json.Unmarshal(youkangFlow, &f); err != nil {
		l.err = fmt.Errorf("read the embedded flow: %w", err)
		return
	}
	if err := registry.ShowFlow(l.ctx, l.tx, l.home, l.id("project", f.Project), f.NewFlow, f.Events); err != nil {
		l.err = fmt.Errorf("the flow of %s: %w", f.Project, err)
	}
}
