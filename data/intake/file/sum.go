package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// Sum is the SHA-256 of a file on the disk in hexadecimal: what a record names its document by. It fails as [Open].
func Sum(ctx context.Context, path string) (string, error) {
	file, err := openFile(ctx, path, DefaultLimits)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", &Fault{Code: FileMissing, Field: path, Got: cause(err), Came: why(err)}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
