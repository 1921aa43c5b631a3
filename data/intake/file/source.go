package file

import (
	"context"
	"io"
	"os"
	"strconv"
)

// source is an open file, or what is packed in it, and how far it has been read.
type source interface {
	io.ReadCloser
	progress() (done, total int64)
}

// diskFile counts what was read of a file on the disk, and reads no more of it once its context has ended.
type diskFile struct {
	*os.File
	ctx        context.Context
	read, size int64
}

func (f *diskFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	return f.File.ReadAt(p, off)
}

func (f *diskFile) Read(p []byte) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := f.File.Read(p)
	f.read += int64(n)
	return n, err
}

func (f *diskFile) progress() (done, total int64) { return f.read, f.size }

// unpacked bounds what comes out of an unpacker against what went in.
type unpacked struct {
	io.Reader // the unpacker
	close     func() error
	packed    func() (done, total int64)
	limits    Limits
	out       int64
}

// freeBytes may be unpacked at any ratio: small files of zeros harm no one.
const freeBytes = 64 << 20

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	u.out += int64(n)
	in, _ := u.packed()
	switch {
	case u.out > u.limits.FileBytes:
		return 0, &Fault{Code: PackTooLarge, Expected: strconv.FormatInt(u.limits.FileBytes, 10), Got: "> " +
			strconv.FormatInt(u.limits.FileBytes, 10)}
	case u.out > freeBytes && u.out/u.limits.Ratio > in:
		return 0, &Fault{Code: PackBomb, Expected: strconv.FormatInt(u.limits.Ratio, 10), Got: "> " +
			strconv.FormatInt(u.limits.Ratio, 10)}
	case err == nil || err == io.EOF:
		return n, err
	}
	return n, packError(err)
}

func (u *unpacked) progress() (done, total int64) { return u.packed() }

func (u *unpacked) Close() error { return u.close() }
