package ledger

import (
	"context"

	"github.com/google/uuid"

	"luodi/data/feed"
	"luodi/data/store"
)

// ObjectDetail is a zone, plan unit or network, live or retired, and the records that touched it.
type ObjectDetail struct {
	ObjectState
	Records []Record `json:"records" doc:"Newest first, at most 500."`
}

// ObjectDetail reads one of a park; a Missing when there is none of this id.
func (s Ledger) ObjectDetail(ctx context.Context, park, collection string, id uuid.UUID) (*ObjectDetail, error) {
	t := feed.FindThing(collection)
	if t == nil {
		return nil, &store.Missing{Kind: "collection", Name: collection}
	}
	found, err := store.ReadAll[ObjectState](ctx, s.Store, t.SQL(sqlObjects)+t.SQL(`JOIN park k ON k.park_id = v.park_id
		WHERE k.code = $1 AND v.{table}_id = $2 ORDER BY v.from_seq DESC LIMIT 1`), park, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &store.Missing{Kind: "feature", Name: id.String()}
	}
	d := &ObjectDetail{ObjectState: found[0]}
	rows, err := s.Planner.Query(ctx,
		recordsOf(t.SQL(`r.seq IN (SELECT unnest(ARRAY[v.from_seq, v.to_seq]) FROM {table}_version v WHERE v.park_id = {park} AND v.{table}_id = $2)`), `500`), park, id)
	d.Records, err = collectRecords(rows, err)
	return d, err
}
