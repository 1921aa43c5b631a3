package data

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/tern/v2/migrate"

	"luodi/data/migrations"
	"luodi/data/store"
)

// ErrNewer: the database was migrated by a newer luodi than this one.
var ErrNewer = errors.New("the database is newer than this program")

// Schema is how far a database is migrated and how far this program can take it.
type Schema struct {
	Current, Target int
	Pending         []string // file names of what is still to apply, in order
}

// SchemaOf reads how far the database is migrated. It writes nothing but, in an empty database, the table that counts
// versions.
func SchemaOf(ctx context.Context, src store.Source) (Schema, error) {
	conn, err := src.Connect(ctx)
	if err != nil {
		return Schema{}, err
	}
	defer store.CloseConn(conn)
	_, schema, err := migrator(ctx, conn)
	return schema, err
}

// Migrate takes the database to this program's schema, one transaction a file, calling applied after each. Of several
// that start at once, one migrates and the others wait. It needs the schema's owner, who may create roles and
// extensions.
func Migrate(ctx context.Context, src store.Source, applied func(name string)) (Schema, error) {
	conn, err := src.Connect(ctx)
	if err != nil {
		return Schema{}, err
	}
	defer store.CloseConn(conn)
	m, schema, err := migrator(ctx, conn)
	if err != nil || len(schema.Pending) == 0 {
		return schema, err
	}
	m.OnStart = func(_ int32, name, _, _ string) {
		if applied != nil {
			applied(name)
		}
	}
	if err := m.Migrate(ctx); err != nil {
		return schema, store.Translate("migrate the database", err)
	}
	schema.Current, schema.Pending = schema.Target, nil
	return schema, nil
}

func migrator(ctx context.Context, conn *pgx.Conn) (*migrate.Migrator, Schema, error) {
	m, err := migrate.NewMigrator(ctx, conn, "public.schema_version")
	if err != nil {
		return nil, Schema{}, store.Translate("read the schema's version", err)
	}
	if err := m.LoadMigrations(migrations.FS); err != nil {
		return nil, Schema{}, fmt.Errorf("load migrations: %w", err)
	}
	current, err := m.GetCurrentVersion(ctx)
	if err != nil {
		return nil, Schema{}, store.Translate("read the schema's version", err)
	}
	schema := Schema{Current: int(current), Target: len(m.Migrations)}
	if schema.Current > schema.Target {
		return nil, schema, fmt.Errorf("%w: it is at %d, this program knows %d", ErrNewer, schema.Current,
			schema.Target)
	}
	for _, migration := range m.Migrations[current:] {
		schema.Pending = append(schema.Pending, migration.Name)
	}
	return m, schema, nil
}

// SchemaTarget is how far this program can migrate a database.
func SchemaTarget() (int, error) {
	files, err := fs.Glob(migrations.FS, "*.sql")
	return len(files), err
}

// sqlMakeRoles is what the first migration does about roles: they belong to the server and so are in no dump.
const sqlMakeRoles = `
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['` + store.RolePlanner + `', '` + store.RolePublic + `'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', name, current_user);
    END IF;
  END LOOP;
END $$`

// MakeRoles makes the roles that a dump's grants name, for a server where no database was ever migrated.
func MakeRoles(ctx context.Context, src store.Source) error {
	conn, err := src.Connect(ctx)
	if err != nil {
		return err
	}
	defer store.CloseConn(conn)
	_, err = conn.Exec(ctx, sqlMakeRoles)
	return store.Translate("make the roles", err)
}
