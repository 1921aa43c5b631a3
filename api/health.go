package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"luodi/api/problem"
	"luodi/data/store"
	"luodi/message"
)

// readyWithin is how long the database may take to answer before it counts as away.
const readyWithin = 2 * time.Second

// Condition is what an operator should know though requests can be answered.
type Condition struct {
	Warnings []Warning
	Backup   *Backup // nil: this server makes none
}

// Warning is a problem that needs repair. Its code is stable; its text in the message table is api.warning and the
// code.
type Warning struct {
	Code   string   `json:"code"`
	Detail string   `json:"detail"`
	Parts  []string `json:"parts,omitempty"` // of the database, where it is about some
}

func (w Warning) text(lang message.Lang) string {
	key := "api.warning." + w.Code
	return message.Text(lang, key)
}

// Backup is how the backups that this server makes stand.
type Backup struct {
	At    *time.Time `json:"at,omitempty"` // the moment of the newest that was verified; nil where there is none
	AgeS  float64    `json:"age_s,omitempty"`
	Bytes int64      `json:"bytes,omitempty"`
	Error string     `json:"error,omitempty"` // the kind of the last failure, as no_room; the log has its words
}

// The codes of warnings.
const (
	WarnDamaged      = "damaged"
	WarnBackupFailed = "backup_failed"
	WarnBackupOld    = "backup_old"
)

// healthz says that the process answers.
func healthz(w http.ResponseWriter, _ *http.Request) { sayStatus(w, status{Status: "ok"}) }

// readyz says whether requests can be answered, the database too, and what else is to be mended.
func readyz(ready func(context.Context) error, condition func(context.Context) Condition,
	warn func(context.Context, message.Lang) []Warning) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
		defer cancel()
		if ready != nil {
			if err := ready(ctx); err != nil {
				problem.Write(w, r, fmt.Errorf("%w: %w", store.ErrUnavailable, err))
				return
			}
		}
		said := status{Status: "ok"}
		lang := problem.Lang(r)
		if condition != nil {
			found := condition(ctx)
			said.Backup, said.Warnings = found.Backup, found.Warnings
		}
		for i, warning := range said.Warnings {
			said.Warnings[i].Detail = warning.text(lang)
		}
		said.Warnings = append(said.Warnings, warn(ctx, lang)...)
		if len(said.Warnings) > 0 {
			said.Status = "warning"
		}
		sayStatus(w, said)
	}
}

type status struct {
	Status   string    `json:"status"`
	Warnings []Warning `json:"warnings,omitempty"`
	Backup   *Backup   `json:"backup,omitempty"`
}

func sayStatus(w http.ResponseWriter, said status) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(said) // who asked and left needs no answer
}
