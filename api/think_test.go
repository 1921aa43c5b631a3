package api

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"luodi/api/problem"
	"luodi/data/store"
)

// The work looks at no context, as the measuring of one outline doesn't: the caller is answered all the same, and the
// turn is kept until the work ends.
func TestAQuestionIsAnsweredWithinItsLimitWhateverItDoes(t *testing.T) {
	t.Parallel()
	th := &thinking{turns: make(chan struct{}, 1), queue: make(chan struct{}, 2), within: 10 * time.Millisecond}
	hold := make(chan struct{})
	stuck := func(context.Context) (int, error) { <-hold; return 1, nil }
	for _, when := range []string{"at work", "waiting for the one before"} {
		_, err := think(t.Context(), th, stuck)
		var told *problem.Request
		if !errors.As(err, &told) || told.Kind != problem.TooCostly {
			t.Fatalf("%s: %v", when, err)
		}
		if p := problem.From(err, "en"); p.Status != 503 || p.Field == "" || strings.Contains(p.Expected, "api.") {
			t.Errorf("%s: %+v", when, p)
		}
	}
	if len(th.turns) != 1 || len(th.queue) != 1 {
		t.Errorf("%d turns and %d places are held by the work that goes on", len(th.turns), len(th.queue))
	}
	close(hold)
	th.within = time.Hour
	if out, err := think(t.Context(), th, func(context.Context) (int, error) { return 7, nil }); out != 7 ||
		err != nil {
		t.Errorf("after it ended: %d, %v", out, err)
	}
}

func TestQuestionsBeyondTheQueueAreToldToComeBack(t *testing.T) {
	t.Parallel()
	th := &thinking{turns: make(chan struct{}, 1), queue: make(chan struct{}, 1), within: time.Hour}
	th.queue <- struct{}{}
	if _, err := think(t.Context(), th, func(context.Context) (int, error) { return 0, nil }); !errors.Is(err,
		store.ErrUnavailable) {
		t.Errorf("beyond the queue: %v", err)
	}
}

func TestAQuestionThatPanicsOrIsGivenUpHarmsNoOther(t *testing.T) {
	t.Parallel()
	th := &thinking{turns: make(chan struct{}, 1), queue: make(chan struct{}, 1), within: time.Hour}
	if _, err := think(t.Context(), th, func(context.Context) (int, error) { panic("sky") }); err == nil ||
		!strings.Contains(err.Error(), "sky") {
		t.Errorf("a panic gives %v", err)
	}
	ctx, leave := context.WithCancel(t.Context())
	_, err := think(ctx, th, func(ctx context.Context) (int, error) { leave(); <-ctx.Done(); return 0, ctx.Err() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("whose caller left gives %v", err)
	}
	th.turns <- struct{}{} // comes free once both have ended
}

// An answer that is ready never ends the context by which its caller waits for it. Many callers at once make it
// likely that one of them is not yet waiting when its answer comes.
func TestAnAnswerThatIsReadyAtOnceIsNeverLost(t *testing.T) {
	t.Parallel()
	const callers, asks = 64, 2_000
	th := &thinking{turns: make(chan struct{}, callers), queue: make(chan struct{}, callers), within: time.Hour}
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range asks {
				out, err := think(t.Context(), th, func(context.Context) (int, error) { return 7, nil })
				if out != 7 || err != nil {
					t.Errorf("%d, %v", out, err)
					return
				}
			}
		})
	}
	group.Wait()
}
