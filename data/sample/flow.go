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

//go:embed running_flow.json
var runningFlow []byte

// flows puts the approvals of the one project in that the report gives figures of, and those of a placeholder that are
// under way: their days are counted from loading.
func (l *loader) flows() {
	for _, body := range [][]byte{youkangFlow, runningFlow} {
		if l.err != nil {
			return
		}
		var f Flow
		if err := json.Unmarshal(body, &f); err != nil {
			l.err = fmt.Errorf("read an embedded flow: %w", err)
			return
		}
		f.Start = *l.day(f.Start)
		for i := range f.Events {
			f.Events[i].Day = *l.day(f.Events[i].Day)
		}
		if err := registry.ShowFlow(l.ctx, l.tx, l.home, l.id("project", f.Project), f.NewFlow, f.Events); err != nil {
			l.err = fmt.Errorf("the flow of %s: %w", f.Project, err)
		}
	}
}
