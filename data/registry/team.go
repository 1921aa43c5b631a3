package registry

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
	"luodi/geo"
)

// Team is a task force or promotion team of a district.
type Team struct {
	ID          uuid.UUID    `json:"id" db:"id" format:"uuid"`
	District    string       `json:"district" db:"district"`
	Kind        string       `json:"kind" db:"kind" enum:"task_force,promotion"`
	Number      int          `json:"number" db:"number"`
	NameZH      string       `json:"name_zh" db:"name_zh"`
	NameEN      string       `json:"name_en" db:"name_en"`
	Placeholder bool         `json:"placeholder" db:"placeholder" doc:"It stands for one that the source does not name."`
	Source      *string      `json:"source" db:"source" nullable:"true"`
	Members     []TeamMember `json:"members" db:"members" doc:"By when they joined; those who left, too."`
}

// TeamMember is an account of a team over a time.
type TeamMember struct {
	store.Person
	Since string  `json:"since" format:"date-time"`
	Until *string `json:"until" format:"date-time" nullable:"true" doc:"Null: still a member."`
}

// NewTeam is a team to make.
type NewTeam struct {
	Kind   string  `json:"kind" enum:"task_force,promotion"`
	Number int     `json:"number" minimum:"1" maximum:"1000" doc:"Its number among those of its kind."`
	NameZH string  `json:"name_zh" minLength:"1" maxLength:"200"`
	NameEN *string `json:"name_en,omitempty" minLength:"1" maxLength:"200" doc:"Without it the Chinese name stands for it."`
}

// TeamChange is what changes of a team; a nil fact stays.
type TeamChange struct {
	NameZH *string  `json:"name_zh,omitempty" minLength:"1" maxLength:"200"`
	NameEN *string  `json:"name_en,omitempty" minLength:"1" maxLength:"200"`
	Join   []string `json:"join,omitempty" maxItems:"100" text:"-" doc:"Accounts that join; one that is a member stays one."`
	Leave  []string `json:"leave,omitempty" maxItems:"100" text:"-" doc:"Accounts that leave; their time in the team is kept."`
}

const (
	sqlTeams = `
SELECT t.team_id AS id, d.code AS district, t.kind, t.number, t.name_zh, t.name_en, t.placeholder, t.source,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.account_id, 'name', a.name, 'since', m.since, 'until', m.until)
         ORDER BY m.since, a.account_id), '[]') FROM team_member m JOIN account a USING (account_id)
         WHERE (m.district_id, m.team_id) = (t.district_id, t.team_id)) AS members
  FROM team t JOIN district d USING (district_id) WHERE t.district_id = ANY ($1)`
	sqlMakeTeam = `INSERT INTO team (district_id, team_id, kind, number, name_zh, name_en)
		VALUES ($1, $2, $3, $4, $5, coalesce($6, $5))`
	sqlRenameTeam = `UPDATE team SET name_zh = coalesce($3, name_zh), name_en = coalesce($4, CASE WHEN name_en <> name_zh
		THEN name_en END, $3, name_en), placeholder = placeholder AND $3::text IS NULL
		WHERE district_id = ANY ($1) AND team_id = $2`
	sqlJoin = `INSERT INTO team_member (district_id, team_id, account_id)
		SELECT t.district_id, t.team_id, a.account_id FROM team t JOIN account a ON a.account_id = $3
		 WHERE t.district_id = ANY ($1) AND t.team_id = $2
		ON CONFLICT (account_id, team_id, district_id) WHERE until IS NULL DO UPDATE SET until = NULL`
	sqlLeave = `UPDATE team_member SET until = clock_timestamp()
		WHERE district_id = ANY ($1) AND team_id = $2 AND account_id = $3 AND until IS NULL`
)

// Teams lists the teams of some districts: task forces first, by number.
func (s Registry) Teams(ctx context.Context, districts []uuid.UUID) ([]Team, error) {
	return store.ReadAll[Team](ctx, s.Store, sqlTeams+` ORDER BY code_order(d.code), t.kind = 'promotion', t.number`, districts)
}

func team(ctx context.Context, q store.Querier, districts []uuid.UUID, id uuid.UUID) (Team, error) {
	rows, err := q.Query(ctx, sqlTeams+` AND t.team_id = $2`, districts, id)
	if err != nil {
		return Team{}, store.Translate("read a team", err)
	}
	t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Team])
	if errors.Is(err, pgx.ErrNoRows) {
		return t, &store.Missing{Kind: "team", Name: id.String()}
	}
	return t, store.Translate("read a team", err)
}

// AddTeam makes a team of a district.
func (s Registry) AddTeam(ctx context.Context, district uuid.UUID, n NewTeam, once *store.Once) (Team, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Team{}, err
	}
	var made Team
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlMakeTeam, district, id, n.Kind, n.Number, n.NameZH, n.NameEN); err != nil {
			return err
		}
		if made, err = team(ctx, tx, []uuid.UUID{district}, id); err != nil {
			return err
		}
		return store.Remember(ctx, tx, once, 201, made)
	})
	return made, store.ExplainDenial(store.Translate("make a team", err))
}

// accounts reads the ids of accounts.
func accounts(field string, texts []string) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, len(texts))
	for i, text := range texts {
		id, err := uuid.Parse(text)
		if err != nil {
			return nil, geo.NewInvalid(fmt.Sprintf("%s[%d]", field, i), "team.account", text)
		}
		ids[i] = id
	}
	return ids, nil
}

// ChangeTeam renames a team, and lets accounts join and leave it. One that is named is a placeholder no more.
func (s Registry) ChangeTeam(ctx context.Context, districts []uuid.UUID, id uuid.UUID, c TeamChange) (Team, error) {
	join, err := accounts("join", c.Join)
	if err != nil {
		return Team{}, err
	}
	leave, err := accounts("leave", c.Leave)
	if err != nil {
		return Team{}, err
	}
	var after Team
	err = pgx.BeginFunc(ctx, s.Planner, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlRenameTeam, districts, id, c.NameZH, c.NameEN); err != nil {
			return err
		}
		for _, account := range join {
			done, err := tx.Exec(ctx, sqlJoin, districts, id, account)
			if err != nil {
				return err
			}
			if done.RowsAffected() == 0 {
				if _, err := team(ctx, tx, districts, id); err != nil {
					return err
				}
				return &store.Missing{Kind: "account", Name: account.String()}
			}
		}
		for _, account := range leave {
			if _, err := tx.Exec(ctx, sqlLeave, districts, id, account); err != nil {
				return err
			}
		}
		var err error
		after, err = team(ctx, tx, districts, id)
		return err
	})
	return after, store.ExplainDenial(store.Translate("change a team", err))
}
