package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"luodi/data/ledger"
)

type waitingList struct {
	Queue []ledger.Waiting `json:"queue"`
}

type listingQueue struct {
	InPark
	Parcel  uuid.UUID `query:"parcel" format:"uuid" doc:"The line for one parcel."`
	Project uuid.UUID `query:"project" format:"uuid" doc:"The places of one project."`
	Mine    bool      `query:"mine" doc:"Only what one asked for oneself, with the places that have ended."`
	Since   time.Time `query:"since" format:"date-time" doc:"With mine: of the places that have ended only those that ended since."`
}

// addQueue adds the lines for parcels, for the park's members.
func (d *domain) addQueue() {
	desk(d, deskRoute{http.MethodGet, "/api/parks/{park}/queue", "queue", http.StatusOK},
		func(ctx context.Context, in *listingQueue) (int, waitingList, error) {
			who, _, err := d.inPark(ctx, in.Park)
			if err != nil {
				return 0, waitingList{}, err
			}
			filter := ledger.QueueFilter{Parcel: given(in.Parcel), Project: given(in.Project)}
			if in.Mine {
				filter.By = &who.Account
			}
			if !in.Since.IsZero() {
				filter.Since = &in.Since
			}
			all, err := d.ledger.Queue(ctx, in.Park, filter)
			return 0, waitingList{all}, err
		})
}

// given is nil for the id that was left out.
func given(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
