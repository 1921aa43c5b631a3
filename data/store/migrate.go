package store

import (
	"context"

	"luodi/data/schema"
)

// SchemaOf reads how far the database is migrated. It writes nothing.
func SchemaOf(ctx context.Context, src Source) (schema.State, error) {
	conn, err := src.Connect(ctx)
	if err != nil {
		return schema.State{}, err
	}
	defer CloseConn(conn)
	state, err := schema.Read(ctx, conn)
	return state, Translate("read the schema's version", err)
}

// Migrate takes the database to this program's schema, all or nothing, calling applied before each step. Of several
// that start at once, one migrates and the others wait. It needs the schema's owner, who may create roles and
// extensions.
func Migrate(ctx context.Context, src Source, applied func(name string)) (schema.State, error) {
	conn, err := src.Connect(ctx)
	if err != nil {
		return schema.State{}, err
	}
	defer CloseConn(conn)
	state, err := schema.Migrate(ctx, conn, applied)
	return state, Translate("migrate the database", err)
}

// MakeRoles makes the roles that a dump's grants name, for a server where no database was ever migrated.
func MakeRoles(ctx context.Context, src Source) error {
	conn, err := src.Connect(ctx)
	if err != nil {
		return err
	}
	defer CloseConn(conn)
	return Translate("make the roles", schema.MakeRoles(ctx, conn))
}
