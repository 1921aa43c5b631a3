package auth

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"luodi/api/problem"
	"luodi/data/people"
	"luodi/message"
)

// TestSignInSpeaksToPeople holds what people meet at the door to sentences: no field, no bare "expected" and "got".
func TestSignInSpeaksToPeople(t *testing.T) {
	t.Parallel()
	machine := regexp.MustCompile(`^[a-zA-Z_.]+[:：]|应为|收到|\bexpected\b|\bgot |\{|auth\.|` + regexp.QuoteMeta(withheld))
	for name, err := range map[string]error{
		"an unknown link": goneLink(people.ErrInvitation), "a used link": goneLink(people.ErrInvitationUsed),
		"a replaced link": goneLink(people.ErrInvitationReplaced), "an old link": goneLink(people.ErrInvitationEnded),
		"a taken login": takenLogin(people.ErrLoginTaken),
		"too many":      slowDown(90 * time.Second), "nobody": errSignIn, "a short password": checkPassword("short"),
		"a common password": checkPassword("passwordpassword"), "a wrong password": sayCredentials,
		"an ended session": sayEnded, "a revoked token": sayToken,
	} {
		for _, lang := range []message.Lang{message.ZH, message.EN} {
			p := problem.From(err, lang)
			if p.Detail == "" || machine.MatchString(p.Detail) || !strings.Contains(p.Detail, p.Expected) {
				t.Errorf("%s in %s: %s", name, lang, p.Detail)
			}
		}
	}
}
