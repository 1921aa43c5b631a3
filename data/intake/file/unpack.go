package file

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// packError names an unpacker's error. What breaks off is truncated, whoever notices.
func packError(err error) error {
	var fault *Fault
	switch {
	case errors.As(err, &fault), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &Fault{Code: PackDamaged, Came: said("came.cut_short")}
	}
	return &Fault{Code: PackDamaged, Got: clip(err.Error()), Came: said("came.unreadable")}
}

func openGzip(ctx context.Context, file *diskFile, opts Options) (Reader, error) {
	plain, err := gzip.NewReader(file)
	if err != nil {
		return nil, packError(err)
	}
	return openContent(ctx, &unpacked{Reader: plain, close: file.Close, packed: file.progress, limits: opts.Limits},
		opts)
}

// unpackGeoPackage writes a packed GeoPackage to a temporary file: SQLite reads it here and there.
func unpackGeoPackage(ctx context.Context, content *unpacked, opts Options) (Reader, error) {
	defer func() { _ = content.Close() }()
	temp, err := os.CreateTemp("", "luodi-import-*.gpkg")
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	remove := func() error { return os.Remove(temp.Name()) }
	_, err = io.Copy(temp, &withContext{ctx, content})
	if err = errors.Join(err, temp.Close()); err == nil {
		var reader Reader
		if reader, err = openGeoPackage(ctx, temp.Name(), opts, remove); err == nil {
			return reader, nil
		}
		if isSpatiaLite(temp.Name(), err) {
			defer func() { _ = remove() }()
			file, err := openFile(ctx, temp.Name(), opts.Limits)
			if err != nil {
				return nil, err
			}
			return liteFormat.read(ctx, file, opts)
		}
	}
	_ = remove()
	return nil, fmt.Errorf("unpack: %w", err)
}

// withContext stops a long copy.
type withContext struct {
	context.Context
	io.Reader
}

func (r *withContext) Read(p []byte) (int, error) {
	if err := r.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
