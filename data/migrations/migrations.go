// Package migrations holds the schema's history: append-only SQL files, NNNN_verb_noun.sql, applied in order.
package migrations

import "embed"

// FS holds the migration files.
//
//go:embed *.sql
var FS embed.FS
