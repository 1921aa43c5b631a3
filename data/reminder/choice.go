package reminder

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Choice is what a person chose of a kind of reminder.
type Choice struct {
	Kind     string `json:"kind" enum:"visit,flow,hold,turn,proposal" db:"kind"`
	Mail     bool   `json:"mail" db:"mail" doc:"Told by mail, once the address is confirmed."`
	Calendar bool   `json:"calendar" db:"calendar" doc:"Stands in the calendar; what has no day never does."`
	LeadDays int    `json:"lead_days" minimum:"0" maximum:"60" db:"lead_days" doc:"So many days before it is due."`
}

// Kinds are the kinds of reminders, each as it is for who chose nothing. The table reminder_choice admits no others.
var Kinds = []Choice{
	{"visit", true, true, 1},     // the next step of a visit that one noted
	{"flow", true, true, 3},      // a step of a project's approvals, by the day that was agreed
	{"hold", true, true, 7},      // a hold that expires
	{"turn", true, false, 0},     // a hold that the queue gave to who waited
	{"proposal", true, false, 0}, // what waits for one's decision
}

// Choices are how a person is reminded.
type Choices struct {
	Hour      int        `json:"hour" db:"hour" minimum:"0" maximum:"23" doc:"From this hour on, in time_zone."`
	TimeZone  string     `json:"time_zone" db:"time_zone" doc:"Of the first park, by code, that one has a role in."`
	Digest    bool       `json:"digest" db:"digest" doc:"One mail a day; else one for each thing."`
	Lang      string     `json:"lang" db:"lang" enum:"zh,en" doc:"The language of mails and the calendar."`
	Email     *string    `json:"email" db:"email" nullable:"true"`
	Confirmed bool       `json:"confirmed" db:"confirmed" doc:"The code that was mailed to the address was given."`
	Asked     bool       `json:"asked" db:"asked" doc:"A code was mailed, or will be, and is still valid."`
	Calendar  *time.Time `json:"calendar_since" db:"calendar" nullable:"true" doc:"Since when the calendar has its address; null: it has none."`
	Kinds     []Choice   `json:"kinds" db:"-"`
}

// Choosing is what changes of the choices; a nil fact stays.
type Choosing struct {
	Hour   *int     `json:"hour,omitempty" minimum:"0" maximum:"23"`
	Digest *bool    `json:"digest,omitempty"`
	Lang   *string  `json:"lang,omitempty" enum:"zh,en"`
	Kinds  []Choice `json:"kinds,omitempty" maxItems:"5" doc:"Those that change."`
}

const (
	// sqlZone is the time zone of a person (s.account_id).
	sqlZone = `coalesce((SELECT k.time_zone FROM membership m JOIN park k USING (park_id)
         WHERE m.account_id = s.account_id ORDER BY code_order(k.code) LIMIT 1),
       (SELECT k.time_zone FROM park k ORDER BY code_order(k.code) LIMIT 1), 'Asia/Shanghai')`
	sqlChoices = `
SELECT s.hour, s.digest, s.lang, s.email, s.confirmed_at IS NOT NULL AS confirmed, ` + sqlZone + ` AS time_zone,
       s.code_until > clock_timestamp() AND s.code_hash IS NOT NULL OR EXISTS (SELECT FROM mail m
         WHERE m.account_id = s.account_id AND m.kind = 'confirm' AND m.state IN ('queued', 'claimed')) AS asked,
       (SELECT c.made_at FROM calendar_address c WHERE c.account_id = s.account_id AND c.revoked_at IS NULL) AS calendar
  FROM (SELECT $1::uuid AS account_id, coalesce(r.hour, 8) AS hour, coalesce(r.digest, true) AS digest,
               coalesce(r.lang, 'zh') AS lang, r.email, r.confirmed_at, r.code_until, r.code_hash
          FROM (VALUES (1)) one LEFT JOIN reminder_setting r ON r.account_id = $1) s`
	sqlChosen = `SELECT kind, mail, calendar, lead_days FROM reminder_choice WHERE account_id = $1`
	sqlSet    = `
INSERT INTO reminder_setting AS r (account_id, hour, digest, lang)
VALUES ($1, coalesce($2::int, 8), coalesce($3::bool, true), coalesce($4::text, 'zh'))
    ON CONFLICT (account_id) DO UPDATE
   SET hour = coalesce($2, r.hour), digest = coalesce($3, r.digest), lang = coalesce($4, r.lang)`
	sqlChoose = `
INSERT INTO reminder_choice (account_id, kind, mail, calendar, lead_days) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (account_id, kind) DO UPDATE
   SET mail = EXCLUDED.mail, calendar = EXCLUDED.calendar, lead_days = EXCLUDED.lead_days`
)

// Choices reads how a person is reminded; who chose nothing has what Kinds say.
func (s Reminders) Choices(ctx context.Context, account uuid.UUID) (Choices, error) {
	found, err := store.ReadAll[Choices](ctx, s.Store, sqlChoices, account)
	if err != nil {
		return Choices{}, err
	}
	out := found[0]
	chosen, err := store.ReadAll[Choice](ctx, s.Store, sqlChosen, account)
	out.Kinds = slices.Clone(Kinds)
	for _, c := range chosen {
		if i := slices.IndexFunc(out.Kinds, func(k Choice) bool { return k.Kind == c.Kind }); i >= 0 {
			out.Kinds[i] = c
		}
	}
	return out, err
}

// Of is the choice of a kind.
func (c Choices) Of(kind string) Choice {
	for _, k := range c.Kinds {
		if k.Kind == kind {
			return k
		}
	}
	return Choice{Kind: kind}
}

// Choose changes how a person is reminded.
func (s Reminders) Choose(ctx context.Context, account uuid.UUID, c Choosing) (Choices, error) {
	for i, k := range c.Kinds {
		if slices.ContainsFunc(c.Kinds[:i], func(o Choice) bool { return o.Kind == k.Kind }) {
			return Choices{}, geo.NewInvalid("kinds["+strconv.Itoa(i)+"].kind", "reminder.kind_once", k.Kind)
		}
	}
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlSet, account, c.Hour, c.Digest, c.Lang); err != nil {
			return err
		}
		for _, k := range c.Kinds {
			if _, err := tx.Exec(ctx, sqlChoose, account, k.Kind, k.Mail, k.Calendar, k.LeadDays); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Choices{}, store.Translate("choose reminders", err)
	}
	return s.Choices(ctx, account)
}

// ParseAddress reads a mail address: one, in ASCII, without a name, quotes or comments. Nothing else can get into a
// header or a command of SMTP.
func ParseAddress(text string) (string, error) {
	text = strings.TrimSpace(text)
	local, host, found := strings.Cut(text, "@")
	ok := found && local != "" && len(local) <= 64 && len(text) <= 254 && strings.Contains(host, ".") &&
		!strings.ContainsFunc(local, func(c rune) bool {
			return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("!#$%&'*+/=?^_`{|}~.-", c))
		}) && !strings.HasPrefix(local, ".") && !strings.HasSuffix(local, ".") && !strings.Contains(local, "..")
	for label := range strings.SplitSeq(host, ".") {
		ok = ok && label != "" && len(label) <= 63 && label[0] != '-' && label[len(label)-1] != '-' &&
			!strings.ContainsFunc(label, func(c rune) bool {
				return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-')
			})
	}
	if !ok {
		return "", geo.NewInvalid("email", "reminder.email", text)
	}
	return text, nil
}
