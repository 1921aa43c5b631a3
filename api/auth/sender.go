package auth

import (
	"crypto/sha256"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"luodi/api/problem"
)

// How often one address may send what anybody may send without an account: five at once, then one in six minutes.
const (
	SendsAtOnce = 5
	SendsEvery  = 6 * time.Minute
)

// Send counts what a caller without an account sends, and refuses it where its address sent too much. A call of
// giveBack takes the count back: nothing was kept. Of the address a salted digest is held in the memory of this process
// until its bucket is full again, half an hour at the most, and nowhere else.
func (g *Guard) Send(r *http.Request) (giveBack func(), err error) {
	digest := sha256.Sum256(append(g.salt[:], g.address(r)...))
	key := string(digest[:])
	if wait := g.senders.take(key); wait > 0 {
		seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
		err := &problem.Request{Kind: problem.TooMany, Field: "address", Say: "auth.say.sends",
			Expected: "auth.expected.pause", Args: []any{"seconds", seconds}, Got: withheld}
		return nil, huma.ErrorWithHeaders(err, http.Header{"Retry-After": {seconds}})
	}
	return func() { g.senders.forgive(key) }, nil
}

// RolesFor are the roles that allow an action.
func RolesFor(action Action) (roles []string) {
	for role, actions := range allowed {
		for _, one := range actions {
			if one == action {
				roles = append(roles, string(role))
			}
		}
	}
	return roles
}
