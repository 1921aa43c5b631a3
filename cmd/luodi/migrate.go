package main

import (
	"context"
	"log/slog"

	"luodi/data/store"
)

type migrateCmd struct {
	database
	Show bool `help:"Only show what would be applied."`
}

// Run shows the schema's version and, unless --show is given, applies the pending migrations.
func (m migrateCmd) Run(ctx context.Context, e *env) error {
	log := slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	db, err := m.join(ctx, e, log)
	if err != nil {
		return err
	}
	defer db.close(log)
	schema, err := store.SchemaOf(ctx, db.source)
	if err != nil {
		return err
	}
	e.say("cli.schema_at", "current", schema.Current, "target", schema.Target)
	if m.Show {
		for _, name := range schema.Pending {
			e.say("cli.schema_lacks", "name", name)
		}
		return nil
	}
	_, err = store.Migrate(ctx, db.source, func(name string) { e.say("cli.migrating", "name", name) })
	if err != nil {
		return err
	}
	e.say("cli.schema_done", "target", schema.Target)
	faults, err := store.StoredFaults(ctx, db.source)
	e.sayFaults(faults)
	if err != nil {
		return err
	}
	odd, err := oddCodes(ctx, db.source)
	e.sayOdd(odd)
	return err
}

// sayFaults lists ground that lay double or astray before the database refused it: it may stay, and is to be mended by
// corrections or changes of a border.
func (e *env) sayFaults(faults []store.StoredFault) {
	for _, f := range faults {
		if f.OtherPark != nil && f.OtherParcel != nil {
			e.say("cli.fault_double", "park", f.Park, "parcel", f.Parcel, "other_park", *f.OtherPark, "other_parcel",
				*f.OtherParcel, "m2", decimals(f.M2, 4))
		} else {
			e.say("cli.fault_stray", "park", f.Park, "parcel", f.Parcel, "m2", decimals(f.M2, 4))
		}
	}
}
