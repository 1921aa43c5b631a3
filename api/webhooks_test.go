package api_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"luodi/api/webhook"
	"luodi/data/people"
)

// receiver is another system: it checks each message's signature and keeps what it was told.
type receiver struct {
	t      *testing.T
	url    string
	answer func(told) int // the status for a message; nil: 204

	mu      sync.Mutex
	secrets []string
	got     []told
	atOnce  atomic.Int32
	arrived chan struct{}
}

// told, in a receiver, has the message's headers and body.
func newReceiver(t *testing.T, answer func(told) int) *receiver {
	t.Helper()
	r := &receiver{t: t, answer: answer, arrived: make(chan struct{}, 1<<16)}
	server := httptest.NewServer(http.HandlerFunc(r.receive))
	t.Cleanup(server.Close)
	r.url = server.URL + "/hook"
	return r
}

func (r *receiver) receive(w http.ResponseWriter, q *http.Request) {
	if r.atOnce.Add(1) > 1 {
		r.t.Error("two deliveries of a webhook at once")
	}
	defer r.atOnce.Add(-1)
	body, err := io.ReadAll(q.Body)
	if err != nil {
		r.t.Error(err)
	}
	m := told{head: q.Header, text: string(body)}
	if err := json.Unmarshal(body, &m.body); err != nil {
		r.t.Error(err)
	}
	r.mu.Lock()
	for _, secret := range r.secrets {
		if !slices.Contains(strings.Fields(q.Header.Get("webhook-signature")), signature(r.t, secret, q.Header, body)) {
			r.t.Errorf("message %s is not signed with %.10s…", m.text, secret)
		}
	}
	r.mu.Unlock()
	status := http.StatusNoContent
	if r.answer != nil {
		status = r.answer(m)
	}
	if status < 300 {
		r.mu.Lock()
		r.got = append(r.got, m)
		r.mu.Unlock()
		r.arrived <- struct{}{}
	}
	w.WriteHeader(status)
}

// signature is as docs/events.md says to compute it.
func signature(t *testing.T, secret string, head http.Header, body []byte) string {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) != 32 {
		t.Errorf("secret %q: %v", secret, err)
	}
	mac := hmac.New(sha256.New, key)
	_, _ = fmt.Fprintf(mac, "%s.%s.%s", head.Get("webhook-id"), head.Get("webhook-timestamp"), body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// wait waits until n messages were taken, and gives the numbers of their events.
func (r *receiver) wait(n int) (seqs []int64) {
	r.t.Helper()
	for range n {
		select {
		case <-r.arrived:
		case <-r.t.Context().Done():
			r.t.Fatal("the test is over")
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.got {
		seq, _ := at(m.body, "data", "seq").(float64)
		seqs = append(seqs, int64(seq))
	}
	return seqs
}

const webhooks = "/api/parks/desk/webhooks"

// admin is someone signed in by a session, as managing takes.
func (o *office) admin(more ...people.Grant) *colleague {
	o.t.Helper()
	c := o.colleague("admin", false, people.ScopeRead, people.Admin)
	if len(more) > 0 {
		if _, err := people.Of(o.db.Store).ChangeAccount(o.t.Context(), c.id, nil,
			people.AccountChange{Grant: more}); err != nil {
			o.t.Fatal(err)
		}
	}
	c.secret, c.cookie = "", o.session(c)
	return c
}

// register makes a webhook of a receiver and returns its path.
func (c *colleague) register(r *receiver) string {
	c.t.Helper()
	made := c.want(http.StatusCreated, "POST", webhooks, object{"url": r.url})
	r.mu.Lock()
	r.secrets = []string{made.body["secret"].(string)}
	r.mu.Unlock()
	return webhooks + "/" + made.body["id"].(string)
}

func TestAWebhookIsToldEachEventInOrderAndSigned(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(3)...)
	admin, p, r := o.admin(), o.planner(), newReceiver(t, nil)
	hook := admin.register(r)
	var made []any
	for _, parcel := range o.parcels {
		made = append(made, p.want(http.StatusCreated, "POST", records, o.hold(parcel)).body["record"])
	}
	if got := r.wait(3); !slices.Equal(got, []int64{2, 3, 4}) {
		t.Errorf("told %v", got)
	}
	for i, m := range r.got {
		seconds, _ := strconv.ParseInt(m.head.Get("webhook-timestamp"), 10, 64)
		if m.head.Get("webhook-id") != made[i] || m.head.Get("Content-Type") != "application/json" ||
			time.Since(time.Unix(seconds, 0)).Abs() > time.Hour {
			t.Errorf("headers %v", m.head)
		}
		if m.body["type"] != "park.changed" || at(m.body, "data", "kind") != "hold" ||
			at(m.body, "data", "who", "id") != p.id.String() || strings.Contains(m.text, "Name of") {
			t.Errorf("body %s", m.text)
		}
	}
	if ping := admin.want(http.StatusOK, "POST", hook+"/ping", nil); ping.body["ok"] != true ||
		ping.body["status"] != 204.0 {
		t.Errorf("ping %s", ping.text)
	}
	next := admin.want(http.StatusOK, "POST", hook+"/secret", nil).body["secret"].(string)
	r.mu.Lock()
	r.secrets = append(r.secrets, next) // both sign for a day
	r.mu.Unlock()
	p.want(http.StatusCreated, "POST", records, object{"kind": "unpublish", "reason": "r",
		"parcels": o.refs(o.parcels[0])})
	r.wait(2)
	if shown := admin.want(http.StatusOK, "GET", webhooks, nil); strings.Contains(shown.text, "whsec_") ||
		strings.Contains(shown.text, "secret") {
		t.Errorf("the secret is shown again: %s", shown.text)
	}
}

func TestWhatIsNotTakenIsGivenUpAndSentAgainOnRequest(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(4)...)
	var mended atomic.Bool
	var tries atomic.Int32
	admin, p := o.admin(), o.planner()
	r := newReceiver(t, func(m told) int {
		if seq := at(m.body, "data", "seq"); seq == 3.0 && !mended.Load() {
			tries.Add(1)
			return http.StatusInternalServerError
		}
		return http.StatusOK
	})
	hook := admin.register(r)
	for _, parcel := range o.parcels {
		p.want(http.StatusCreated, "POST", records, o.hold(parcel))
	}
	if got := r.wait(3); !slices.Equal(got, []int64{2, 4, 5}) || tries.Load() != 3 {
		t.Errorf("told %v after %d tries of 3", got, tries.Load())
	}
	dead := admin.want(http.StatusOK, "GET", hook+"/dead-letters", nil)
	if at(dead.body, "dead_letters", 0, "seq") != 3.0 || at(dead.body, "dead_letters", 0, "tries") != 3.0 ||
		at(dead.body, "dead_letters", 0, "error") != "HTTP 500" || at(dead.body, "dead_letters", 1) != nil {
		t.Errorf("%s", dead.text)
	}
	mended.Store(true)
	if n := admin.want(http.StatusAccepted, "POST", hook+"/dead-letters/resend", object{}).body["count"]; n != 1.0 {
		t.Errorf("%v are sent again", n)
	}
	if got := r.wait(1); !slices.Equal(got, []int64{2, 4, 5, 3}) {
		t.Errorf("told %v", got)
	}
	o.until(`SELECT delivered_at IS NOT NULL AND resend_at IS NULL FROM dead_letter`)
	if w := admin.want(http.StatusOK, "GET", hook, nil); w.body["cursor"] != 5.0 || w.body["behind"] != 0.0 ||
		w.body["dead_letters"] != 0.0 {
		t.Errorf("%s", w.text)
	}
}

// until waits until a question of the database is answered with yes.
func (o *office) until(sql string, args ...any) {
	o.t.Helper()
	for {
		var yes bool
		if err := o.db.Owner.QueryRow(o.t.Context(), sql, args...).Scan(&yes); err != nil {
			o.t.Fatal(err)
		}
		if yes {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestSeveralProcessesDeliverForAWebhookOneAtATime(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(1)...)
	for range 3 {
		sending(t, o.db, webhook.Options{})
	}
	r := newReceiver(t, func(told) int { time.Sleep(time.Millisecond); return 200 })
	o.admin().register(r)
	const n = 200
	for range n {
		if _, err := o.db.Planner.Exec(t.Context(), `SELECT begin_record($1, gen_random_uuid(), 'edit', 'r', 'test')`,
			o.parkID); err != nil {
			t.Fatal(err)
		}
	}
	for i, seq := range r.wait(n) {
		if seq != int64(i+2) {
			t.Fatalf("message %d is event %d", i, seq)
		}
	}
}

func TestAWebhookIsPausedResumedAndRetired(t *testing.T) {
	t.Parallel()
	o := newOffice(t, squares(3)...)
	admin, p, r := o.admin(), o.planner(), newReceiver(t, nil)
	hook := admin.register(r)
	admin.want(http.StatusOK, "PATCH", hook, object{"state": "paused"})
	p.want(http.StatusCreated, "POST", records, o.hold(o.parcels[0]))
	if w := admin.want(http.StatusOK, "GET", hook, nil); w.body["behind"] != 1.0 || w.body["state"] != "paused" {
		t.Errorf("%s", w.text)
	}
	admin.want(http.StatusOK, "PATCH", hook, object{"state": "active"})
	if got := r.wait(1); !slices.Equal(got, []int64{2}) {
		t.Errorf("told %v", got)
	}
	o.until(`SELECT lease IS NULL FROM webhook`)
	admin.want(http.StatusOK, "DELETE", hook, nil)
	if again := admin.want(http.StatusConflict, "PATCH", hook,
		object{"state": "active"}); again.body["rule"] != "webhook_is_live" {
		t.Errorf("%s", again.text)
	}
	admin.want(http.StatusNotFound, "POST", hook+"/ping", nil)
	admin.want(http.StatusNotFound, "GET", webhooks+"/"+uuid.NewString(), nil)
}

func TestWebhooksAreForAdminsAndForAddressesThatMayBeReached(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin, p := o.admin(), o.planner()
	p.want(http.StatusForbidden, "GET", webhooks, nil)
	p.want(http.StatusForbidden, "POST", webhooks, object{"url": "https://example.org/"})
	o.colleague("token", false, people.ScopeWrite, people.Admin).want(http.StatusForbidden, "POST", webhooks,
		object{"url": "https://example.org/"})
	o.public().want(http.StatusUnauthorized, "GET", webhooks, nil)
	for _, url := range []string{"ftp://example.org/", "https://", "//example.org", "https://u:p@example.org/",
		"https://10.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "javascript:alert(1)",
		"https://example.org/#x"} {
		if bad := admin.want(http.StatusBadRequest, "POST", webhooks, object{"url": url}); bad.body["field"] != "url" {
			t.Errorf("%s: %s", url, bad.text)
		}
	}
	admin.want(http.StatusCreated, "POST", webhooks, object{"url": "https://example.org/hook"})
}
