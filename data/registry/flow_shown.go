package registry

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"luodi/data/store"
)

// ShowFlow puts a flow in that is made up to show what could be, with all that happened in it: marked as illustrative,
// started and noted by nobody. What contradicts itself is refused as in a flow of real work.
func ShowFlow(ctx context.Context, tx pgx.Tx, district, project uuid.UUID, n NewFlow, events []NewFlowEvent) error {
	id, e, err := Registry{}.putFlow(ctx, tx, district, project, n, nil)
	if err != nil {
		return store.Translate("show a flow of approvals", err)
	}
	var f storedFlow
	if err := tx.QueryRow(ctx, `SELECT start::text, agreed FROM project_flow WHERE district_id = $1 AND flow_id = $2`,
		district, id).Scan(&f.Start, &f.Agreed); err != nil {
		return store.Translate("show a flow of approvals", err)
	}
	t, err := e.Template.Without(n.Without...)
	if err != nil {
		return err
	}
	var all []FlowEvent
	for i, e := range events {
		row := FlowEvent{N: i + 1, Place: i + 1, Step: e.Step, Kind: e.Kind, Notice: e.Notice, Day: e.Day, Holds: true}
		if e.Special != "" {
			row.Special = &e.Special
		}
		if err := fitsNotice(t, all, row); err != nil {
			return err
		}
		all = append(all, row)
		if _, err := tx.Exec(ctx, sqlNote, district, id, e.Step, e.Kind, e.Special, e.Notice, e.Day, e.Document, e.Note,
			nil, "", false, nil); err != nil {
			return store.Translate("show an event of a flow", err)
		}
	}
	_, err = f.parse(t, all, damaged(id))
	return err
}
