package ledger

import (
	"context"
	"strconv"

	"luodi/data/feed"
	"luodi/geo"
	"luodi/geo/land"
)

// Settings are what an administrator sets of a park. A member that is nil stays as it is.
type Settings struct {
	HoldShown      *string        `json:"hold_shown,omitempty" text:"-" doc:"in_negotiation or nothing: what the public reads of land under a project's intention, before its tender is announced"`
	MapReviewNo    *string        `json:"map_review_no,omitempty" maxLength:"60" doc:"The number under which the authority reviewed the map (审图号); an empty text for none"`
	CornersTold    *string        `json:"corners_told,omitempty" text:"-" doc:"exact or rounded: how the public reads the corners of parcels, zones, plan units and the border; rounded is to whole metres of the survey plane"`
	Contact        *PublicContact `json:"contact,omitempty" doc:"Whom the public asks, with hours; an empty object for nobody"`
	OldAfterMonths *int           `json:"old_after_months,omitempty" doc:"After how many months, 1 to 120, a stated price or service, photo or document counts as old at the desk"`
}

// maxOldAfterMonths bounds what counts as old: ten years.
const maxOldAfterMonths = 120

// changeSettings changes what the park tells the public. It is followed by another change, not reversed: what the
// public's past was rewritten to hide stays hidden.
func changeSettings(ctx context.Context, w *work) error {
	s := w.order.Command.Settings
	if s == nil || *s == (Settings{}) {
		return geo.NewInvalid("settings", "settings.some", geo.None())
	}
	if err := s.check(); err != nil {
		return err
	}
	var contact *feed.ParkContact
	if s.Contact != nil {
		var err error
		if contact, err = s.Contact.check(); err != nil {
			return err
		}
	}
	const sql = `UPDATE park SET hold_shown = coalesce($2, hold_shown),
		map_review_no = CASE WHEN $3::text IS NULL THEN map_review_no ELSE nullif($3, '') END,
		old_after_months = coalesce($4, old_after_months), corners_told = coalesce($5, corners_told),
		contact = CASE WHEN $6 THEN $7 ELSE contact END WHERE park_id = $1`
	_, err := w.tx.Exec(ctx, sql, w.park, s.HoldShown, s.MapReviewNo, s.OldAfterMonths, s.CornersTold, s.Contact != nil,
		contact)
	return err
}

// check reads each member in its form, and refuses it by its name.
func (s *Settings) check() error {
	if s.HoldShown != nil {
		if _, err := land.ParseHoldShown(*s.HoldShown); err != nil {
			return geo.NewInvalid("settings.hold_shown", "one_of", *s.HoldShown, "values", "in_negotiation, nothing")
		}
	}
	if s.CornersTold != nil {
		if _, err := land.ParseCornersTold(*s.CornersTold); err != nil {
			return geo.NewInvalid("settings.corners_told", "one_of", *s.CornersTold, "values", "exact, rounded")
		}
	}
	if s.MapReviewNo != nil && *s.MapReviewNo != "" {
		text, err := land.ParseLine("settings.map_review_no", *s.MapReviewNo, 60)
		if err != nil {
			return err
		}
		s.MapReviewNo = &text
	}
	if n := s.OldAfterMonths; n != nil && (*n < 1 || *n > maxOldAfterMonths) {
		return geo.NewInvalid("settings.old_after_months", "settings.months", strconv.Itoa(*n), "n", maxOldAfterMonths)
	}
	return nil
}
