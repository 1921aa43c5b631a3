package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
)

// The members of the tar file. A piece is followed by its number.
const (
	headName     = "luodi-backup.json"
	pieceName    = "database.dump."
	manifestName = "manifest.json"
)

// pieceBytes is the size of a piece of the dump, which is buffered in memory: a tar member needs its length first,
// and the length of a dump isn't known before its end.
const pieceBytes = 8 << 20

// writer writes a backup as one stream.
type writer struct {
	out  *bufio.Writer
	tar  *tar.Writer
	at   time.Time
	hash hash.Hash
	dump Dump
	buf  bytes.Buffer
	err  error // why the stream could not be written, which pg_dump only sees as a broken pipe
}

func newWriter(out io.Writer, head Head) (*writer, error) {
	w := &writer{out: bufio.NewWriterSize(out, 1<<20), at: head.At, hash: sha256.New()}
	w.tar = tar.NewWriter(w.out)
	return w, w.json(headName, head)
}

func (w *writer) member(name string, body []byte) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(body)), ModTime: w.at,
		Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := w.tar.Write(body)
	return err
}

func (w *writer) json(name string, value any) error {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return w.member(name, append(body, '\n'))
}

// Write takes what pg_dump says.
func (w *writer) Write(p []byte) (int, error) {
	w.hash.Write(p)
	w.dump.Bytes += int64(len(p))
	w.buf.Write(p)
	for w.buf.Len() >= pieceBytes {
		if w.err = w.piece(w.buf.Next(pieceBytes)); w.err != nil {
			return 0, w.err
		}
	}
	return len(p), nil
}

func (w *writer) piece(body []byte) error {
	w.dump.Pieces++
	return w.member(fmt.Sprintf("%s%06d", pieceName, w.dump.Pieces), body)
}

// close ends the dump and writes the manifest, by which the backup becomes whole.
func (w *writer) close(m Manifest) (Manifest, error) {
	if w.buf.Len() > 0 {
		if err := w.piece(w.buf.Bytes()); err != nil {
			return m, err
		}
	}
	w.dump.SHA256 = hex.EncodeToString(w.hash.Sum(nil))
	m.Dump = w.dump
	return m, errors.Join(w.json(manifestName, m), w.tar.Close(), w.out.Flush())
}

// mostJSON bounds a head or manifest: 100,000 parks have a manifest of 8 MB.
const mostJSON = 256 << 20

// ReadHead tells whether a stream is a backup, and of what.
func ReadHead(in io.Reader) (Head, error) {
	head, _, err := openArchive(in)
	return head, err
}

func openArchive(in io.Reader) (Head, *tar.Reader, error) {
	var head Head
	members := tar.NewReader(bufio.NewReaderSize(in, 1<<20))
	first, err := members.Next()
	if err != nil || first.Name != headName {
		return head, nil, fmt.Errorf("%w: it does not begin with %s", ErrNotBackup, headName)
	}
	if err := decode(members, &head); err != nil {
		return head, nil, fmt.Errorf("%w: %s: %v", ErrNotBackup, headName, err)
	}
	if head.Format > formatVersion {
		return head, nil, fmt.Errorf("%w: its format is %d, this program reads %d", ErrNewer, head.Format,
			formatVersion)
	}
	return head, members, nil
}

// unpack copies the dump of a backup to out and returns the manifest, once both agree: nothing of a broken or half-made
// backup is used. The head is shown to accept before the dump is read.
func unpack(in io.Reader, out io.Writer, accept func(Head) error) (Manifest, error) {
	var m Manifest
	head, members, err := openArchive(in)
	if err != nil {
		return m, err
	}
	if err := accept(head); err != nil {
		return m, err
	}
	sum, dump := sha256.New(), Dump{}
	for {
		member, err := members.Next()
		if err != nil {
			return m, fmt.Errorf("%w: it ends before its manifest: %v", ErrBroken, err)
		}
		if member.Name == manifestName {
			break
		}
		if want := fmt.Sprintf("%s%06d", pieceName, dump.Pieces+1); member.Name != want {
			return m, fmt.Errorf("%w: %q instead of %s", ErrBroken, member.Name, want)
		}
		n, err := io.Copy(io.MultiWriter(out, sum), members)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return m, fmt.Errorf("%w: it ends within %s", ErrBroken, member.Name)
		}
		if err != nil {
			return m, err
		}
		dump.Pieces++
		dump.Bytes += n
	}
	if err := decode(members, &m); err != nil {
		return m, fmt.Errorf("%w: %s: %v", ErrBroken, manifestName, err)
	}
	if dump.SHA256 = hex.EncodeToString(sum.Sum(nil)); dump != m.Dump {
		return m, fmt.Errorf("%w: its dump has %d bytes with SHA-256 %s, the manifest says %d and %s", ErrBroken,
			dump.Bytes, dump.SHA256, m.Dump.Bytes, m.Dump.SHA256)
	}
	return m, nil
}

func decode(in io.Reader, into any) error {
	body, err := io.ReadAll(io.LimitReader(in, mostJSON))
	if err != nil {
		return err
	}
	return json.NewDecoder(strings.NewReader(string(body))).Decode(into)
}
