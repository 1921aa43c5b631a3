package proof

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

var (
	key = bytes.Repeat([]byte{7}, 32)
	now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
)

func TestWorkThatWasDoneIsTaken(t *testing.T) {
	t.Parallel()
	challenge, ends := New(key, now)
	nonce, until, err := Check(key, challenge, Solve(challenge), now)
	if err != nil || len(nonce) != size || !until.Equal(ends) || !ends.Equal(now.Add(Life)) {
		t.Errorf("nonce %x until %v: %v", nonce, until, err)
	}
	other, _ := New(key, now)
	if second, _, _ := Check(key, other, Solve(other), now); bytes.Equal(nonce, second) {
		t.Error("two challenges have one nonce")
	}
}

func TestWhatWasNotDoneIsRefused(t *testing.T) {
	t.Parallel()
	challenge, ends := New(key, now)
	numbers := Solve(challenge)
	wrong := bytes.Clone(key)
	wrong[0]++
	missed := append([]uint32{numbers[0] + 1}, numbers[1:]...)
	for solves(challenge[strings.IndexByte(challenge, '.')+1:strings.LastIndexByte(challenge, '.')], 0, missed[0]) {
		missed[0]++
	}
	other, _ := New(key, now)
	later := "9" + challenge[1:] // an expiry that the sender would like
	for name, c := range map[string]struct {
		key       []byte
		challenge string
		numbers   []uint32
		at        time.Time
		want      error
	}{
		"another server's": {wrong, challenge, numbers, now, ErrForeign},
		"prolonged":        {key, later, numbers, now, ErrForeign},
		"none":             {key, "", numbers, now, ErrForeign},
		"no tag":           {key, "1.a.", numbers, now, ErrForeign},
		"not base64":       {key, challenge + "=", numbers, now, ErrForeign},
		"too late":         {key, challenge, numbers, ends, ErrLate},
		"one round wrong":  {key, challenge, missed, now, ErrWrong},
		"a round short":    {key, challenge, numbers[1:], now, ErrWrong},
		"of another":       {key, other, numbers, now, ErrWrong},
		"nothing":          {key, challenge, nil, now, ErrWrong},
	} {
		if nonce, _, err := Check(c.key, c.challenge, c.numbers, c.at); !errors.Is(err, c.want) || nonce != nil {
			t.Errorf("%s: %x, %v", name, nonce, err)
		}
	}
}

func BenchmarkSolve(b *testing.B) {
	for b.Loop() {
		challenge, _ := New(key, now)
		Solve(challenge)
	}
}
