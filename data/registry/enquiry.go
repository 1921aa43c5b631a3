package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// MostPlaces is how many parcels, lots and assemblies an enquiry may be about.
const MostPlaces = 20

// EnquiryPlace is ground on an investor's shortlist.
type EnquiryPlace struct {
	Kind    string   `json:"kind" enum:"parcel,lot,assembly" doc:"A parcel as it is, a lot that could be cut out of one, or neighbours together."`
	Code    string   `json:"code" minLength:"1" maxLength:"200" doc:"As the answer of a siting question calls it; of a parcel its code."`
	Parcels []string `json:"parcels" minItems:"1" maxItems:"50" doc:"Codes of its public parcels."`
	AreaMu  *float64 `json:"area_mu,omitempty" exclusiveMinimum:"0" maximum:"10000000" doc:"Of a lot."`
	Lot     string   `json:"lot,omitempty" maxLength:"2800" doc:"Of a lot: its outline in its one parcel, as the address of its page has it (docs/feeds.md)."`
}

// Enquirer is who asks and what. It is a person's data.
type Enquirer struct {
	Name         *string `json:"name" db:"name" nullable:"true"`
	Organisation *string `json:"organisation" db:"organisation" nullable:"true"`
	Phone        *string `json:"phone" db:"phone" nullable:"true"`
	Email        *string `json:"email" db:"email" nullable:"true"`
	Words        *string `json:"words" db:"words" nullable:"true"`
}

// NewEnquiry is an enquiry to keep. Empty texts are kept as none.
type NewEnquiry struct {
	Park                                    uuid.UUID
	Receipt, Lang                           string
	Hash                                    []byte // SHA-256 of the private link's secret
	Name, Organisation, Phone, Email, Words string
	Need                                    json.RawMessage // nil: none was stated
	Places                                  []EnquiryPlace
	Term                                    time.Duration // until it is erased
	Nonce                                   []byte        // of the challenge that was answered
	NonceEnds                               time.Time
}

// ErrSpent says that the challenge of an enquiry was used before. It matches [store.ErrConflict].
var ErrSpent = fmt.Errorf("%w: the challenge is spent", store.ErrConflict)

const (
	sqlSpend = `INSERT INTO spent_challenge (nonce, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	sqlAsk   = `
INSERT INTO enquiry (park_id, enquiry_id, receipt, hash, lang, name, organisation, phone, email, words, need, places,
       erase_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''), nullif($9, ''), nullif($10, ''), $11, $12,
       clock_timestamp() + make_interval(secs => $13)) RETURNING erase_at`
	// sqlUnknownParcels are the codes that name no public parcel of a park.
	sqlUnknownParcels = `SELECT c FROM unnest($2::text[]) c WHERE NOT EXISTS (
	SELECT FROM parcel_public f WHERE f.park_id = $1 AND f.to_seq IS NULL AND f.code = c)`
)

// Ask keeps an enquiry, and says when it will be erased. A [geo.Invalid] names a parcel that the public doesn't know;
// ErrSpent: the challenge was used before. Whatever is refused spends no challenge.
func (s Registry) Ask(ctx context.Context, n NewEnquiry) (eraseAt time.Time, err error) {
	id, err := uuid.NewV7()
	if err != nil {
		return eraseAt, err
	}
	if n.Places == nil {
		n.Places = []EnquiryPlace{}
	}
	var need *json.RawMessage
	if n.Need != nil {
		need = &n.Need
	}
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if err := knownParcels(ctx, tx, n.Park, n.Places); err != nil {
			return err
		}
		spent, err := tx.Exec(ctx, sqlSpend, n.Nonce, n.NonceEnds)
		if err != nil {
			return err
		}
		if spent.RowsAffected() == 0 {
			return ErrSpent
		}
		return tx.QueryRow(ctx, sqlAsk, n.Park, id, n.Receipt, n.Hash, n.Lang, n.Name, n.Organisation, n.Phone, n.Email,
			n.Words, need, n.Places, n.Term.Seconds()).Scan(&eraseAt)
	})
	return eraseAt, store.Translate("keep an enquiry", err)
}

// knownParcels refuses the first parcel that is not public.
func knownParcels(ctx context.Context, tx pgx.Tx, park uuid.UUID, places []EnquiryPlace) error {
	var codes []string
	for _, place := range places {
		codes = append(codes, place.Parcels...)
	}
	rows, err := tx.Query(ctx, sqlUnknownParcels, park, codes)
	if err != nil {
		return err
	}
	missing, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(missing) == 0 {
		return err
	}
	for i, place := range places {
		for k, code := range place.Parcels {
			if code == missing[0] {
				return geo.NewInvalid(fmt.Sprintf("places[%d].parcels[%d]", i, k), "enquiry.parcel", code)
			}
		}
	}
	return nil
}

// EnquiryAnswer is what the park answered.
type EnquiryAnswer struct {
	At    time.Time `json:"at"`
	Words *string   `json:"words" nullable:"true"`
}

// FollowedEnquiry is an enquiry as its investor reads it by the private link: without who in the park handles it.
type FollowedEnquiry struct {
	Park     string          `json:"park" db:"park"`
	ParkZH   string          `json:"park_zh" db:"park_zh"`
	ParkEN   string          `json:"park_en" db:"park_en"`
	Receipt  string          `json:"receipt" db:"receipt"`
	State    string          `json:"state" db:"state" enum:"new,answered,project,closed"`
	AskedAt  time.Time       `json:"asked_at" db:"asked_at"`
	EraseAt  time.Time       `json:"erase_at" db:"erase_at" doc:"When all personal data in it is erased."`
	ErasedAt *time.Time      `json:"erased_at" db:"erased_at" nullable:"true" doc:"When it was; the rest is null then."`
	Asked    Enquirer        `json:"asked" db:"asked"`
	Need     json.RawMessage `json:"need" db:"need" doc:"The requirement; null where none was stated."`
	Places   []EnquiryPlace  `json:"places" db:"places"`
	Answers  []EnquiryAnswer `json:"answers" db:"answers"`
}

const (
	sqlEnquirer = `jsonb_build_object('name', e.name, 'organisation', e.organisation, 'phone', e.phone, 'email', e.email,
       'words', e.words) AS asked`
	sqlFollow = `
SELECT k.code AS park, k.name_zh AS park_zh, k.name_en AS park_en, e.receipt, e.state, e.asked_at, e.erase_at, e.erased_at,
       ` + sqlEnquirer + `, coalesce(e.need, 'null') AS need, coalesce(e.places, '[]') AS places,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('at', a.at, 'words', a.words) ORDER BY a.n), '[]')
          FROM enquiry_answer a WHERE (a.park_id, a.enquiry_id) = (e.park_id, e.enquiry_id)) AS answers
  FROM enquiry e JOIN park k USING (park_id) WHERE e.hash = $1`
	sqlWithdraw = `
UPDATE enquiry SET erased_at = clock_timestamp(), name = NULL, organisation = NULL, phone = NULL, email = NULL,
       words = NULL, need = NULL, places = NULL WHERE hash = $1 AND erased_at IS NULL`
)

// ErrEnquiryLink says that a private link leads to no enquiry. It matches [store.ErrNotFound].
var ErrEnquiryLink = fmt.Errorf("%w: enquiry", store.ErrNotFound)

// Follow reads an enquiry by the SHA-256 of its link's secret.
func (s Registry) Follow(ctx context.Context, hash []byte) (FollowedEnquiry, error) {
	rows, err := s.Planner.Query(ctx, sqlFollow, hash)
	if err != nil {
		return FollowedEnquiry{}, store.Translate("follow an enquiry", err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[FollowedEnquiry])
	if errors.Is(err, pgx.ErrNoRows) {
		return found, ErrEnquiryLink
	}
	return found, store.Translate("follow an enquiry", err)
}

// Withdraw erases an enquiry before its term, at its investor's word, and reads what is left. It is idempotent.
func (s Registry) Withdraw(ctx context.Context, hash []byte) (FollowedEnquiry, error) {
	if _, err := s.Planner.Exec(ctx, sqlWithdraw, hash); err != nil {
		return FollowedEnquiry{}, store.Translate("withdraw an enquiry", err)
	}
	return s.Follow(ctx, hash)
}

// EnquiryKey is the key under which challenges are signed, the same for every process on the database.
func (s Registry) EnquiryKey(ctx context.Context) (key []byte, err error) {
	err = s.Planner.QueryRow(ctx, `SELECT key FROM enquiry_key`).Scan(&key)
	return key, store.Translate("read the key of enquiries", err)
}
