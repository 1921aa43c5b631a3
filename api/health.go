package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"luodi/api/problem"
	"luodi/data"
)

// readyWithin is how long the database may take to answer before it counts as away.
const readyWithin = 2 * time.Second

// healthz says that the process answers.
func healthz(w http.ResponseWriter, _ *http.Request) { sayOK(w) }

// readyz says whether requests can be answered: the database too.
func readyz(ready func(context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
		defer cancel()
		if ready != nil {
			if err := ready(ctx); err != nil {
				problem.Write(w, r, fmt.Errorf("%w: %w", data.ErrUnavailable, err))
				return
			}
		}
		sayOK(w)
	}
}

func sayOK(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("{\"status\":\"ok\"}\n")) // who asked and left needs no answer
}
