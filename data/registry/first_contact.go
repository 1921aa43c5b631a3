package registry

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// FirstContact says which team spoke first to the firm of a project.
type FirstContact struct {
	Team          NamedTeam     `json:"team"`
	MadeOn        string        `json:"made_on" format:"date"`
	NotedBy       store.Person  `json:"noted_by"`
	NotedAt       time.Time     `json:"noted_at"`
	ReleasedAt    *time.Time    `json:"released_at" nullable:"true" doc:"Null: it is live."`
	ReleasedBy    *store.Person `json:"released_by"`
	ReleaseReason *string       `json:"release_reason" nullable:"true"`
}

// NamedTeam is a team in a project's answer.
type NamedTeam struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	Kind   string    `json:"kind" enum:"task_force,promotion"`
	Number int       `json:"number"`
	NameZH string    `json:"name_zh"`
	NameEN string    `json:"name_en"`
}

// NewFirstContact is a first contact to register.
type NewFirstContact struct {
	Team   uuid.UUID `json:"team" format:"uuid" doc:"One's own team; a leader may name any."`
	MadeOn string    `json:"made_on" format:"date"`
}

const (
	sqlFirstContacts = `SELECT district_id, project_id, jsonb_agg(jsonb_build_object('team', jsonb_build_object('id', n.team_id, 'kind',
         n.kind, 'number', n.number, 'name_zh', n.name_zh, 'name_en', n.name_en), 'made_on', f.made_on, 'noted_at', f.noted_at,
         'noted_by', jsonb_build_object('id', a.account_id, 'name', a.name), 'released_at', f.released_at,
         'released_by', CASE WHEN r.account_id IS NOT NULL
           THEN jsonb_build_object('id', r.account_id, 'name', r.name) END,
         'release_reason', f.release_reason) ORDER BY f.noted_at DESC) AS first_contacts
          FROM j JOIN first_contact f USING (district_id, project_id) JOIN team n USING (district_id, team_id)
          JOIN account a ON a.account_id = f.noted_by LEFT JOIN account r ON r.account_id = f.released_by GROUP BY 1, 2`
	sqlOfTeam = `SELECT EXISTS (SELECT FROM team t WHERE t.district_id = ANY ($1) AND t.team_id = $2
		AND ($3::uuid IS NULL OR EXISTS (SELECT FROM project_park c
		  WHERE (c.district_id, c.project_id) = (t.district_id, $5)
		  AND c.park_id = ANY ($4::uuid[]))
		  OR EXISTS (SELECT FROM team_member m
		WHERE (m.account_id, m.team_id, m.district_id) = ($3, t.team_id, t.district_id) AND m.until IS NULL)))`
	// sqlMayCourt: who is no leader registers the firms of projects that a park of theirs entered. A park that is only
	// sought would hide the project from the one that brought it.
	sqlMayCourt = `SELECT $3::uuid IS NULL OR EXISTS (SELECT FROM project j
		WHERE j.district_id = ANY ($1) AND j.project_id = $2 AND ($4::uuid[] IS NULL OR j.park_id = ANY ($4)
		   OR EXISTS (SELECT FROM project_park c WHERE (c.district_id, c.project_id) = (j.district_id, j.project_id)
		     AND c.park_id = ANY ($5::uuid[]))))`
	sqlFirstContact = `INSERT INTO first_contact (district_id, first_contact_id, project_id, party_id, team_id, made_on,
       noted_by, firm)
	SELECT district_id, $3, project_id, party_id, $4, $5::date, $6, '-' FROM project WHERE district_id = ANY ($1)
	   AND project_id = $2`
	// sqlHolder reads the live first contact of the firm of a project, whichever project it is for.
	sqlHolder = `SELECT t.kind, t.number, f.made_on::text FROM project j JOIN party p USING (district_id, party_id)
	  JOIN first_contact f ON f.district_id = j.district_id AND f.released_at IS NULL
	   AND (f.credit_code = p.credit_code OR f.firm = firm_name(p.name_zh))
	  JOIN team t ON (t.district_id, t.team_id) = (f.district_id, f.team_id)
	 WHERE j.district_id = ANY ($1) AND j.project_id = $2 ORDER BY f.noted_at LIMIT 1`
	sqlRelease = `UPDATE first_contact SET released_at = clock_timestamp(), released_by = $3, release_reason = $4
		WHERE district_id = ANY ($1) AND project_id = $2 AND released_at IS NULL RETURNING team_id`
)

// AddFirstContact registers the first contact of a project's firm. A firm that another team spoke to first is refused
// with that team and the day, and nothing else of its project.
func (s Registry) AddFirstContact(ctx context.Context, of Business, id, by uuid.UUID, n NewFirstContact,
	once *store.Once) (Project, error) {
	made, err := uuid.NewV7()
	if err != nil {
		return Project{}, err
	}
	after, err := s.addTo(ctx, of, id, once, func(ctx context.Context, tx pgx.Tx, _ Project) error {
		if err := ofTeam(ctx, tx, of, id, n.Team); err != nil {
			return err
		}
		if err := mayCourt(ctx, tx, of, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlFirstContact, of.Districts, id, made, n.Team, n.MadeOn, by)
		return err
	})
	switch rule := store.Constraint(err); rule {
	case "first_contact_by_code", "first_contact_by_name":
		return after, s.teamBefore(ctx, rule, err, sqlHolder, of.Districts, id)
	}
	return after, err
}

// ofTeam refuses who is neither a member of a team nor a leader.
func ofTeam(ctx context.Context, tx pgx.Tx, of Business, project, team uuid.UUID) error {
	var is bool
	if err := tx.QueryRow(ctx, sqlOfTeam, of.Districts, team, of.Reader, of.Leads,
		project).Scan(&is); err != nil || is {
		return err
	}
	return geo.NewInvalid("team", "team.own", team.String())
}

// mayCourt refuses who neither leads nor belongs to the park that entered a project.
func mayCourt(ctx context.Context, tx pgx.Tx, of Business, project uuid.UUID) error {
	var may bool
	err := tx.QueryRow(ctx, sqlMayCourt, of.Districts, project, of.Reader, of.Parks, of.Leads).Scan(&may)
	if err != nil || may {
		return err
	}
	return geo.NewInvalid("id", "team.enterer", project.String())
}

// teamBefore refuses with what a query says of the team that came first: its kind, its number and the day. The refusal
// stays as it was where there is none by now.
func (s Registry) teamBefore(ctx context.Context, rule string, refusal error, sql string, args ...any) error {
	var kind, day string
	var number int
	err := s.Planner.QueryRow(ctx, sql, args...).Scan(&kind, &number, &day)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return refusal
	case err != nil:
		return store.Translate("look which team came first", err)
	case kind == "promotion":
		return store.Because(rule, "team.promotion_since", "n", number, "day", day)
	}
	return store.Because(rule, "team.task_force_since", "n", number, "day", day)
}

// ReleaseFirstContact ends the live first contact of a project, for a reason: another team may register then.
func (s Registry) ReleaseFirstContact(ctx context.Context, of Business, id, by uuid.UUID, reason string,
	once *store.Once) (Project, error) {
	return s.addTo(ctx, of, id, once, func(ctx context.Context, tx pgx.Tx, _ Project) error {
		var team uuid.UUID
		err := tx.QueryRow(ctx, sqlRelease, of.Districts, id, by, reason).Scan(&team)
		if errors.Is(err, pgx.ErrNoRows) {
			return &store.Missing{Kind: "first_contact", Name: id.String()}
		}
		if err != nil {
			return err
		}
		return ofTeam(ctx, tx, of, id, team)
	})
}
