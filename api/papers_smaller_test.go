package api

import (
	"context"
	"errors"
	"testing"
)

// TestAFileIsReadInItsTurn: who waits for a smaller size holds no file, nor does who finds it drawn meanwhile.
func TestAFileIsReadInItsTurn(t *testing.T) {
	t.Parallel()
	s, name := newSmaller(), smallerName{"hash", 320}
	read := func() ([]byte, error) {
		t.Error("the file is read before its turn")
		return nil, nil
	}
	s.turn <- struct{}{}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := s.make(ctx, name, read); !errors.Is(err, context.Canceled) {
		t.Errorf("who left: %v", err)
	}
	<-s.turn
	s.keep(name, smallerPicture{"image/jpeg", []byte("drawn")})
	if p, err := s.make(t.Context(), name, read); err != nil || string(p.bytes) != "drawn" {
		t.Errorf("%v %s", err, p.bytes)
	}
	failed := errors.New("no such paper")
	if _, err := s.make(t.Context(), smallerName{"other", 320}, func() ([]byte, error) { return nil, failed }); !errors.Is(err, failed) {
		t.Errorf("what reading says: %v", err)
	}
	if len(s.turn) != 0 || len(s.queue) != 0 {
		t.Error("a turn isn't given back")
	}
}
