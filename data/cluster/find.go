package cluster

import "context"

// FindBinaries returns the folder of the PostgreSQL 15 programs a private cluster would use; MissingError names the Debian packages.
func FindBinaries(ctx context.Context) (string, error) { return findBinaries(ctx, "") }
