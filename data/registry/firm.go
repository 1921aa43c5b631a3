package registry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/content"
	"luodi/data/store"
)

// FirmLinkDays is for how many days a firm's link works where nothing else is asked; no link works for more than 400.
const FirmLinkDays = 90

// FirmLink is the private link by which a firm sees its own project, without its secret.
type FirmLink struct {
	MadeAt       time.Time     `json:"made_at" db:"made_at"`
	MadeBy       store.Person  `json:"made_by" db:"made_by"`
	ExpiresAt    time.Time     `json:"expires_at" db:"expires_at"`
	UsedAt       *time.Time    `json:"used_at" db:"used_at" nullable:"true" doc:"When it was last used, to the minute; null: never."`
	RevokedAt    *time.Time    `json:"revoked_at" db:"revoked_at" nullable:"true"`
	RevokedBy    *store.Person `json:"revoked_by" db:"revoked_by"`
	RevokeReason *string       `json:"revoke_reason" db:"revoke_reason" nullable:"true" doc:"Null of a revoked one: a new link took its place."`
	Works        bool          `json:"works" db:"works"`
}

// FirmView is all that a firm reads by its link: its flow, its papers, its problems.
type FirmView struct {
	NameZH    string        `json:"name_zh"`
	NameEN    string        `json:"name_en"`
	Today     string        `json:"today" format:"date"`
	ExpiresAt time.Time     `json:"expires_at" doc:"When the link ends."`
	Flow      *FirmFlow     `json:"flow" doc:"Null: approvals have not begun."`
	Asked     []AskedPaper  `json:"asked"`
	Papers    []FirmPaper   `json:"papers" doc:"Documents that were handed in, the newest first."`
	Problems  []FirmProblem `json:"problems" doc:"The newest first."`
}

// FirmFlow is a flow as its firm sees it: without notes, and without who noted what.
type FirmFlow struct {
	Template     string      `json:"template"`
	Edition      string      `json:"edition"`
	NameZH       string      `json:"name_zh"`
	NameEN       string      `json:"name_en"`
	Start        string      `json:"start" format:"date"`
	Over         bool        `json:"over"`
	AgreedFinish *string     `json:"agreed_finish" nullable:"true" format:"date"`
	Finish       *string     `json:"finish" nullable:"true" format:"date" doc:"The last finish, actual or expected; null: not known."`
	Provisional  bool        `json:"provisional"`
	Unknown      []string    `json:"unknown"`
	Departments  []FlowNamed `json:"departments"`
	Stages       []FlowNamed `json:"stages"`
	Documents    []FlowNamed `json:"documents"`
	Steps        []FirmStep  `json:"steps"`
}

// FirmStep is a step as the firm sees it.
type FirmStep struct {
	Code          string        `json:"code"`
	NameZH        string        `json:"name_zh"`
	NameEN        string        `json:"name_en"`
	By            string        `json:"by"`
	Stage         string        `json:"stage"`
	StatutoryDays *int          `json:"statutory_days" nullable:"true"`
	PromisedDays  *int          `json:"promised_days" nullable:"true"`
	After         []FlowAfter   `json:"after"`
	Documents     []string      `json:"documents"`
	Specials      []FlowSpecial `json:"specials"`
	Notices       []FlowNotice  `json:"notices" doc:"Points told early to the firm or its designer."`
	State         string        `json:"state" enum:"waiting,ready,running,stopped,special,withdrawn,done"`
	Agreed        FlowDates     `json:"agreed"`
	Expected      FlowDates     `json:"expected"`
	Actual        FlowDates     `json:"actual"`
	Provisional   bool          `json:"provisional"`
	Slack         *int          `json:"slack" nullable:"true"`
	Critical      bool          `json:"critical"`
	Wait          *FlowWait     `json:"wait"`
}

// FirmPaper is a document that was handed in, without who did but for the firm itself.
type FirmPaper struct {
	N         int       `json:"n"`
	Kind      string    `json:"kind"`
	Name      *string   `json:"name" nullable:"true"`
	ExpiresOn *string   `json:"expires_on" format:"date" nullable:"true"`
	MediaType string    `json:"media_type"`
	Size      int       `json:"size"`
	At        time.Time `json:"at"`
	ByFirm    bool      `json:"by_firm" doc:"False: its agent handed it in."`
	Counts    bool      `json:"counts"`
}

// FirmProblem is a problem as the firm sees it. What a member raised isn't told.
type FirmProblem struct {
	N        int        `json:"n"`
	Words    string     `json:"words"`
	Step     *string    `json:"step" nullable:"true"`
	State    string     `json:"state" enum:"raised,tabled,assigned,closed"`
	At       time.Time  `json:"at"`
	Owner    *string    `json:"owner" nullable:"true" doc:"The department or office that sees to it."`
	Due      *string    `json:"due" format:"date" nullable:"true"`
	Evidence *string    `json:"evidence" nullable:"true"`
	ClosedAt *time.Time `json:"closed_at" nullable:"true"`
}

const (
	sqlFirmLinks = `
SELECT l.made_at, l.expires_at, l.used_at, l.revoked_at, l.revoke_reason,
       l.revoked_at IS NULL AND l.expires_at > clock_timestamp() AS works,
       jsonb_build_object('id', a.account_id, 'name', a.name) AS made_by,
       CASE WHEN b.account_id IS NOT NULL THEN jsonb_build_object('id', b.account_id, 'name', b.name) END AS revoked_by
  FROM firm_link l JOIN account a ON a.account_id = l.made_by LEFT JOIN account b ON b.account_id = l.revoked_by
 WHERE l.district_id = ANY ($1) AND l.project_id = $2 ORDER BY l.made_at DESC LIMIT 1`
	sqlRevokeLink = `UPDATE firm_link SET revoked_at = clock_timestamp(), revoked_by = $3, revoke_reason = nullif($4, '')
 WHERE (district_id, project_id) = ($1, $2) AND revoked_at IS NULL`
	sqlMakeLink = `INSERT INTO firm_link (district_id, link_id, project_id, hash, made_by, expires_at)
 VALUES ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(days => $6))`
	// sqlOpenLink finds what a link leads to, and holds its row: who revokes it meanwhile waits, or was first.
	sqlOpenLink = `SELECT district_id, project_id, link_id, expires_at,
       coalesce(used_at < clock_timestamp() - interval '1 minute', true) AS stale
  FROM firm_link WHERE hash = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp() FOR NO KEY UPDATE`
	sqlUseLink  = `UPDATE firm_link SET used_at = clock_timestamp() WHERE link_id = $1`
	sqlFirmName = `SELECT v.name_zh, v.name_en FROM project_version v
 WHERE (v.district_id, v.project_id) = ($1, $2) AND upper_inf(v.sys)`
	sqlSameProblem = `SELECT EXISTS (SELECT FROM project_problem WHERE (link_id, key) = ($1, $2))`
	sqlSamePaper   = `SELECT EXISTS (SELECT FROM project_paper p WHERE (p.district_id, p.project_id, p.kind, p.link_id)
   = ($1, $2, $3, $4) AND p.hash = sha256($5) AND NOT EXISTS (SELECT FROM project_paper o WHERE
   (o.district_id, o.project_id, o.kind) = (p.district_id, p.project_id, p.kind) AND o.n > p.n))`
)

// ErrFirmLink says that a link leads to nothing: it was never made, has ended, or was revoked; which, nobody is told.
// It matches [store.ErrNotFound].
var ErrFirmLink = fmt.Errorf("%w: firm link", store.ErrNotFound)

// MakeFirmLink makes the private link of a project's firm from the SHA-256 of its secret. The one before it ends.
func (s Registry) MakeFirmLink(ctx context.Context, of Business, id, by uuid.UUID, hash []byte, days int) (Agency,
	error) {
	return s.changeAgency(ctx, of, id, nil, "make a firm's link", func(tx pgx.Tx, district uuid.UUID, _ string) error {
		const sqlLock = `SELECT FROM project WHERE (district_id, project_id) = ($1, $2) FOR NO KEY UPDATE`
		if _, err := tx.Exec(ctx, sqlLock, district, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlRevokeLink, district, id, by, ""); err != nil {
			return err
		}
		link, err := uuid.NewV7()
		if err == nil {
			_, err = tx.Exec(ctx, sqlMakeLink, district, link, id, hash, by, days)
		}
		return err
	})
}

// RevokeFirmLink ends the link of a project's firm, for a reason.
func (s Registry) RevokeFirmLink(ctx context.Context, of Business, id, by uuid.UUID, reason string,
	once *store.Once) (Agency, error) {
	return s.changeAgency(ctx, of, id, once, "revoke a firm's link", func(tx pgx.Tx, district uuid.UUID, _ string) error {
		done, err := tx.Exec(ctx, sqlRevokeLink, district, id, by, reason)
		if err == nil && done.RowsAffected() == 0 {
			err = &store.Missing{Kind: "firm_link", Name: id.String()}
		}
		return err
	})
}

// firm is what a link leads to.
type firm struct {
	district, project, link uuid.UUID
	expires                 time.Time
}

// business is the firm's own project, as the program itself reads it.
func (f firm) business() Business { return Business{Districts: []uuid.UUID{f.district}} }

// LookAsFirm reads what a firm sees by the SHA-256 of its link's secret.
func (s Registry) LookAsFirm(ctx context.Context, hash []byte) (FirmView, error) {
	return s.asFirm(ctx, hash, func(pgx.Tx, firm) error { return nil })
}

// HandInAsFirm keeps a paper that the firm hands in. The same file again, as the last of its kind, is kept once.
func (s Registry) HandInAsFirm(ctx context.Context, hash []byte, p NewPaper) (FirmView, error) {
	return s.asFirm(ctx, hash, func(tx pgx.Tx, f firm) error {
		if err := s.askedFor(ctx, tx, f.business(), f.project, p.Kind); err != nil {
			return err
		}
		clean, err := content.Read("file", p.File)
		if err != nil {
			return err
		}
		p.File = clean.Bytes
		var same bool
		if err := tx.QueryRow(ctx, sqlSamePaper, f.district, f.project, p.Kind, f.link,
			p.File).Scan(&same); err != nil || same {
			return err
		}
		_, err = keepPaper(ctx, tx, f.district, f.project, p, "document", nil, nil, &f.link)
		return err
	})
}

// RaiseAsFirm raises a problem for the firm, once for each key.
func (s Registry) RaiseAsFirm(ctx context.Context, hash []byte, p NewProblem, key uuid.UUID) (FirmView, error) {
	return s.asFirm(ctx, hash, func(tx pgx.Tx, f firm) error {
		var same bool
		if err := tx.QueryRow(ctx, sqlSameProblem, f.link, key).Scan(&same); err != nil || same {
			return err
		}
		return s.raise(ctx, tx, f.business(), f.district, f.project, p, nil, &f.link, &key)
	})
}

func (s Registry) asFirm(ctx context.Context, hash []byte, do func(pgx.Tx, firm) error) (FirmView, error) {
	var out FirmView
	err := pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		var f firm
		var stale bool
		err := tx.QueryRow(ctx, sqlOpenLink, hash).Scan(&f.district, &f.project, &f.link, &f.expires, &stale)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrFirmLink
		}
		if err != nil {
			return err
		}
		if err := do(tx, f); err != nil {
			return err
		}
		if stale {
			if _, err := tx.Exec(ctx, sqlUseLink, f.link); err != nil {
				return err
			}
		}
		out, err = s.firmView(ctx, tx, f)
		return err
	})
	if errors.Is(err, ErrFirmLink) {
		return out, ErrFirmLink
	}
	return out, store.ExplainDenial(store.Translate("serve a firm's link", err))
}

// firmView picks what a firm sees from how its project is run. What isn't named here isn't told.
func (s Registry) firmView(ctx context.Context, tx pgx.Tx, f firm) (FirmView, error) {
	out := FirmView{ExpiresAt: f.expires, Papers: []FirmPaper{}, Problems: []FirmProblem{}}
	if err := tx.QueryRow(ctx, sqlFirmName, f.district, f.project).Scan(&out.NameZH, &out.NameEN); err != nil {
		return out, err
	}
	status, err := s.flowOf(ctx, tx, f.business(), f.project, AskFlow{})
	if err != nil {
		return out, err
	}
	papers, err := collect[ProjectPaper](ctx, tx, sqlProjectPapers, f.business().Districts, f.project)
	if err != nil {
		return out, err
	}
	problems, err := problemsOf(ctx, tx, f.business(), &f.project, nil)
	if err != nil {
		return out, err
	}
	out.Today, out.Asked, out.Flow = status.Today, askedPapers(status.Flow, papers, status.Today), firmFlow(status.Flow)
	for _, p := range papers {
		if p.Use == "document" {
			out.Papers = append(out.Papers, FirmPaper{p.N, *p.Kind, p.Name, p.ExpiresOn, p.MediaType, p.Size,
				p.At, p.By == nil,
				p.Counts})
		}
	}
	for _, p := range problems {
		if p.By == nil {
			out.Problems = append(out.Problems, FirmProblem{p.N, p.Words, p.Step, p.State, p.At, p.Owner, p.Due,
				p.Evidence,
				p.ClosedAt})
		}
	}
	return out, nil
}

func firmFlow(f *FlowNow) *FirmFlow {
	if f == nil {
		return nil
	}
	out := &FirmFlow{f.Template, f.Edition, f.NameZH, f.NameEN, f.Start, f.Over, f.AgreedFinish, f.Finish,
		f.Provisional,
		f.Unknown, f.Departments, f.Stages, f.Documents, make([]FirmStep, len(f.Steps))}
	for i, s := range f.Steps {
		out.Steps[i] = FirmStep{s.Code, s.NameZH, s.NameEN, s.By, s.Stage, s.StatutoryDays, s.PromisedDays, s.After,
			s.Documents, s.Specials, s.Notices, s.State, s.Agreed, s.Expected, s.Actual, s.Provisional, s.Slack, s.Critical, s.Wait}
	}
	return out
}
