package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"luodi/api/problem"
	"luodi/data"
	"luodi/message"
)

// readyWithin is how long the database may take to answer before it counts as away.
const readyWithin = 2 * time.Second

// healthz says that the process answers.
func healthz(w http.ResponseWriter, _ *http.Request) { say(w, status{Status: "ok"}) }

// readyz says whether requests can be answered: the database too.
func readyz(ready func(context.Context) error, warn func(context.Context, message.Lang) []Warning) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
		defer cancel()
		if ready != nil {
			if err := ready(ctx); err != nil {
				problem.Write(w, r, fmt.Errorf("%w: %w", data.ErrUnavailable, err))
				return
			}
		}
		said := status{Status: "ok"}
		if said.Warnings = warn(ctx, problem.Lang(r)); len(said.Warnings) > 0 {
			said.Status = "warning"
		}
		say(w, said)
	}
}

// Warning is something to be mended though requests can be answered. Its code is stable; its text is that of the message table, api.warning and the code.
type Warning struct {
	Code   string   `json:"code"`
	Detail string   `json:"detail"`
	Parts  []string `json:"parts,omitempty"`
}

type status struct {
	Status   string    `json:"status"`
	Warnings []Warning `json:"warnings,omitempty"`
}

func say(w http.ResponseWriter, said status) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(said) // who asked and left needs no answer
}
