package api_test

import (
	"fmt"

	"github.com/google/uuid"
)

// onPiece asks for a change of a piece of the chain here.
func (w *world) onPiece(what string, body func(w *world, p *someone) object) func(*world, *someone) ask {
	return func(w *world, p *someone) ask {
		return ask{"POST", "/api/parks/" + here + "/promotion/pieces/fibre/" + what, body(w, p), nil}
	}
}

// onTarget asks for a change of a target firm of one's own team.
func (w *world) onTarget(what string, body object) func(*world, *someone) ask {
	return func(w *world, p *someone) ask {
		var id uuid.UUID
		w.scan(`INSERT INTO target_firm (district_id, target_firm_id, chain, node, name, firm, place, source, team_id, noted_by)
			SELECT $1, gen_random_uuid(), 'carbon_fibre', 'fibre', $2, '-', 'p', 's', $3, account_id
			  FROM account LIMIT 1
			RETURNING target_firm_id`, []any{w.district, w.next("F"), w.newTeam(p)}, &id)
		return ask{"POST", fmt.Sprintf("/api/parks/%s/promotion/targets/%s/%s", here, id, what), body, nil}
	}
}

// newExpert is one of a task force that is in charge of the chain; of someone's account, where it is an account.
func (w *world) newExpert(p *someone) (id uuid.UUID) {
	team := w.newTeam(&someone{colleague: &colleague{}})
	w.exec(`INSERT INTO team_charge (district_id, team_id, industries, noted_by) SELECT $1, $2, '{carbon_fibre}', account_id
		FROM account LIMIT 1`, w.district, team)
	var account *uuid.UUID
	if p != nil && p.id != uuid.Nil {
		account = &p.id
	}
	w.scan(`INSERT INTO expert (district_id, expert_id, team_id, voice, name, account_id)
		VALUES ($1, gen_random_uuid(), $2, 'official', 'n', $3) RETURNING expert_id`, []any{w.district, team, account}, &id)
	return id
}

// newTitle is a title of a company.
func (w *world) newTitle() (party, title uuid.UUID) {
	party = w.newParty()
	w.scan(`INSERT INTO firm_title (district_id, firm_title_id, party_id, title, level, valid, source, noted_by)
		SELECT $1, gen_random_uuid(), $2, 'gazelle', 'municipal', '[2026-01-01,)', 's', account_id FROM account LIMIT 1
		RETURNING firm_title_id`, []any{w.district, party}, &title)
	return party, title
}
