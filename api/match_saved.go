package api

import (
	"context"
	"encoding/json"
	"github.com/google/uuid"
	"net/http"
	"time"

	"luodi/api/auth"
	"luodi/data/people"
	"luodi/data/store"
	"luodi/geo"
)

type saving struct {
	Speaking
	Keyed
	Body struct {
		Name     string   `json:"name" minLength:"1" maxLength:"200"`
		Question Question `json:"question"`
	}
}

// SavedOne names a saved search.
type SavedOne struct {
	Speaking
	ID string `path:"id" format:"uuid"`
}

type savedList struct {
	Matches []people.SavedMatch `json:"matches"`
}

// replayed is a saved search, with its results on today's land and on the land of the day it was saved.
type replayed struct {
	Saved people.SavedMatch `json:"saved"`
	Then  *matchAnswer      `json:"then" doc:"Run again on the land as it was; the firms' names are today's."`
	Now   *matchAnswer      `json:"now"`
}

func (d *domain) addSaved() {
	desk(d, deskRoute{http.MethodPost, "/api/matches", "matches.create", http.StatusCreated}, d.saveMatch)
	desk(d, deskRoute{http.MethodGet, "/api/matches", "matches.list", http.StatusOK},
		func(ctx context.Context, _ *Speaking) (int, savedList, error) {
			who, err := auth.Need(ctx)
			if err != nil {
				return 0, savedList{}, err
			}
			all, err := d.savedOf(ctx, who, nil)
			return 0, savedList{all}, err
		})
	desk(d, deskRoute{http.MethodGet, "/api/matches/{id}", "matches.replay", http.StatusOK}, d.replayMatch)
	desk(d, deskRoute{http.MethodDelete, "/api/matches/{id}", "matches.delete", http.StatusOK},
		func(ctx context.Context, in *SavedOne) (int, struct{}, error) {
			who, err := auth.Need(ctx)
			if err != nil {
				return 0, struct{}{}, err
			}
			id, err := parseID("match", in.ID)
			if err != nil {
				return 0, struct{}{}, err
			}
			return 0, struct{}{}, d.people.ForgetMatch(ctx, who.Account, id)
		})
}

// Whom a saved search was ranked for.
const forPublic, forMembers = "public", "members"

func rankedFor(answer *matchAnswer) string {
	if answer.Scope == "public" {
		return forPublic
	}
	return forMembers
}

// savedOf reads someone's saved searches, or one; without the ranking where that was a member's and one is no member
// any more.
func (d *domain) savedOf(ctx context.Context, who *auth.Principal, id *uuid.UUID) ([]people.SavedMatch, error) {
	all, err := d.people.SavedMatches(ctx, who.Account, id)
	for i := range all {
		if all[i].For != forPublic && who.May(auth.See, all[i].ParkID) != nil {
			all[i].Ranking = json.RawMessage("[]")
		}
	}
	return all, err
}

// saveMatch runs a question and keeps it with its answer; asked again under its key, it is kept once.
func (d *domain) saveMatch(ctx context.Context, in *saving) (int, *kept[people.SavedMatch], error) {
	who, _, err := d.inPark(ctx, in.Body.Question.Park)
	if err != nil {
		return 0, nil, err
	}
	once, err := in.once(ctx, who, in.Body)
	if err != nil {
		return 0, nil, err
	}
	return again(ctx, d, once, func() (int, people.SavedMatch, error) { return d.makeMatch(ctx, who, in, once) })
}

func (d *domain) makeMatch(ctx context.Context, who *auth.Principal, in *saving, once *store.Once) (int,
	people.SavedMatch, error) {
	answer, err := think(ctx, d.thought, func(ctx context.Context) (*matchAnswer,
		error) {
		return d.match(ctx, in.Body.Question)
	})
	if err != nil {
		return 0, people.SavedMatch{}, err
	}
	if answer.At == nil {
		return 0, people.SavedMatch{}, geo.NewInvalid("question.park", "park.recorded", answer.Park)
	}
	type place struct {
		Rank  int      `json:"rank"`
		ID    string   `json:"id"`
		Key   string   `json:"key"`
		Code  string   `json:"code"`
		Score *float64 `json:"score" nullable:"true"`
		ToAsk bool     `json:"to_ask,omitempty"`
	}
	ranking := []place{}
	for _, s := range answer.Sites {
		ranking = append(ranking, place{s.Rank, s.ID.String(), s.Key, s.Code, s.Score, len(s.ToAsk) > 0})
	}
	asked, err := json.Marshal(in.Body.Question)
	if err != nil {
		return 0, people.SavedMatch{}, err
	}
	kept, err := json.Marshal(ranking)
	if err != nil {
		return 0, people.SavedMatch{}, err
	}
	at := *answer.At
	if in.Body.Question.At != nil {
		at = *in.Body.Question.At
	}
	saved, err := d.people.SaveMatch(ctx, who.Account,
		people.SavedMatch{Park: answer.Park, For: rankedFor(answer), Name: in.Body.Name, Seq: answer.Seq, At: at,
			Asked: asked, Ranking: kept}, once)
	return http.StatusCreated, saved, err
}

// replayMatch runs a saved question on the land of its day and on that of today.
func (d *domain) replayMatch(ctx context.Context, in *SavedOne) (int, *replayed, error) {
	who, err := auth.Need(ctx)
	if err != nil {
		return 0, nil, err
	}
	id, err := parseID("match", in.ID)
	if err != nil {
		return 0, nil, err
	}
	all, err := d.savedOf(ctx, who, &id)
	if err != nil {
		return 0, nil, err
	}
	out := &replayed{Saved: all[0]}
	var question Question
	if err := json.Unmarshal(all[0].Asked, &question); err != nil {
		return 0, nil, err
	}
	for _, run := range []struct {
		at   *time.Time
		into **matchAnswer
	}{{&all[0].At, &out.Then}, {nil, &out.Now}} {
		question.At = run.at
		if *run.into, err = think(ctx, d.thought, func(ctx context.Context) (*matchAnswer,
			error) {
			return d.match(ctx, question)
		}); err != nil {
			return 0, nil, err
		}
	}
	return 0, out, nil
}
