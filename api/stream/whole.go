package stream

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
)

// Whole is an answer that was written to disk before its first byte is sent: a failure on the way is a refusal and no
// half of a file, a slow reader holds no connection to the database, and the length is known.
type Whole struct {
	file *os.File
	size int64
}

// Gathered writes an answer to disk. Close lets go of it.
func Gathered(write func(io.Writer) error) (*Whole, error) {
	file, err := os.CreateTemp("", "luodi-answer-")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(file.Name()) // it lives until it is closed
	a := &Whole{file: file}
	out := bufio.NewWriterSize(file, pieceMost)
	if err := errors.Join(write(out), out.Flush()); err != nil {
		a.Close()
		return nil, err
	}
	if a.size, err = file.Seek(0, io.SeekCurrent); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// Send sends the answer.
func (a *Whole) Send(w http.ResponseWriter) error {
	if _, err := a.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	w.Header().Set("Content-Length", strconv.FormatInt(a.size, 10))
	_, _ = io.Copy(w, a.file) // nobody is left to be told of a failure
	return nil
}

// Close lets go of the answer.
func (a *Whole) Close() { _ = a.file.Close() }
