package ledger_test

import (
	"fmt"
	"testing"

	"luodi/data/store/storetest"
)

func TestNothingIsPromisedThatIsNotThere(t *testing.T) {
	t.Parallel()
	refuse(t, drawWrongs)
}

func TestNobodyPassesTheQueueByWritingSQL(t *testing.T) {
	t.Parallel()
	refuse(t, lineWrongs)
}

const (
	powered = `SELECT deed('create'); SELECT node('SS', 1000), node('TT', 500), node('ST', 20, 'steam', 't/h'),
		node('LINE', 1000, 'steam', 't/h', 'trunk')`
	drawnA = `SELECT deed('hold'), hold('h', 'A'), draw('h', 'SS', 600), draw('h', 'ST', 5, 'steam')`
	endA   = `SELECT deed('take_back'); SELECT uncover('h', 'A'), finish('h')`
)

var drawWrongs = []wrong{
	{name: "more drawn than a node has", given: []string{powered}, sql: `SELECT deed('hold'), hold('h', 'A'),
		draw('h', 'SS', 1000.001)`, want: "node_has_headroom"},
	{name: "more drawn by two than a node has", given: []string{powered, drawnA},
		sql: `SELECT deed('hold'), hold('k', 'B'), draw('k', 'SS', 400.001)`, want: "node_has_headroom"},
	{name: "more drawn by two in one record", given: []string{powered}, sql: `SELECT deed('hold'), hold('h', 'A'),
		hold('k', 'B'), draw('h', 'SS', 600), draw('k', 'SS', 600)`, want: "node_has_headroom"},
	{name: "a draw that grows beyond the node", given: []string{powered, drawnA},
		sql: `SELECT deed('draw'), undraw('h', 'SS'), draw('h', 'SS', 1001)`, want: "node_has_headroom"},
	{name: "a draw among others of more than all", given: []string{powered, drawnA},
		sql: `SELECT deed('hold'), hold('k', 'B'), draw('k', 'SS', 'NaN')`, want: "allotment_draw_amount_check"},
	{name: "a draw of less than nothing", given: []string{powered, drawnA}, sql: `SELECT deed('hold'), hold('k',
		'B'), draw('k', 'SS', -1)`, want: "allotment_draw_amount_check"},
	{name: "a node of no number", sql: `SELECT deed('create'); SELECT node('N', 'NaN')`, want: "capacity_is_finite"},
	{name: "a second draw of one right beyond the node", given: []string{powered, drawnA},
		sql: `SELECT deed('draw'), draw('h', 'SS', 100)`, want: "allotment_draw_live"},
	{name: "a draw of another service", given: []string{powered}, sql: `SELECT deed('hold'), hold('h', 'A'),
		draw('h', 'SS', 1, 'steam')`, want: "draw_on_live_node"},
	{name: "a draw of a service that there is not", given: []string{powered}, sql: `SELECT deed('hold'), hold('h',
		'A'), draw('h', 'SS', 1, 'heat')`, want: "allotment_draw_service_fkey"},
	{name: "a draw from a line", given: []string{powered}, sql: `SELECT deed('hold'), hold('h', 'A'),
		draw('h', 'LINE', 1, 'steam')`, want: "draw_on_live_node"},
	{name: "a draw from a node of another unit", sql: `SELECT deed('create'); SELECT node('MW', 1000, 'substation',
		'MVA'); SELECT hold('h', 'A'), draw('h', 'MW', 1)`, want: "draw_on_live_node"},
	{name: "a draw from a retired node", given: []string{powered, `SELECT deed('retire'), shut_node('SS')`},
		sql: `SELECT deed('hold'), hold('h', 'A'), draw('h', 'SS', 1)`, want: "draw_on_live_node"},
	{name: "a draw from another park's node", given: []string{powered}, sql: `SELECT deed('hold'), hold('h',
       'A'); INSERT INTO allotment_draw (park_id, allotment_id, network_id, service, from_seq, amount)
		VALUES (attack.park(), id('h'), md5('elsewhere')::uuid, 'power', seq(), 1)`, want: "allotment_draw_park_id_network_id_fkey"},
	{name: "a right that ends and goes on drawing", given: []string{powered, drawnA}, sql: endA,
		want: "draw_by_live_right"},
	{name: "a draw by a right that has ended", given: []string{powered, heldA, endA},
		sql: `SELECT deed('draw'), draw('h', 'SS', 1)`, want: "draw_by_live_right"},
	{name: "a draw by a right that never began", given: []string{powered}, sql: `SELECT deed('draw'); INSERT INTO allotment (park_id, allotment_id, district_id, project_id) SELECT park_id, id('h'), district_id, project('') FROM park WHERE park_id = attack.park();
		SELECT draw('h', 'SS', 1)`, want: "draw_by_live_right"},
	{name: "a draw without a record", given: []string{powered, drawnA}, sql: `SELECT undraw('h', 'SS')`,
		want: "version_has_record"},
	{name: "a draw that began before it was written", given: []string{powered, heldA},
		sql:  `SELECT deed('draw'); INSERT INTO allotment_draw (park_id, allotment_id, network_id, service, from_seq, amount) VALUES (attack.park(), id('h'), id('SS'), 'power', 1, 1)`,
		want: "version_begins_now"},
	{name: "a draw made smaller in the past", given: []string{powered, drawnA},
		sql: `SELECT deed('draw'); UPDATE allotment_draw SET amount = 1 WHERE park_id = attack.park()`, want: "42501"},
	{name: "a draw taken out of history", given: []string{powered, drawnA},
		sql: `SELECT deed('draw'); DELETE FROM allotment_draw WHERE park_id = attack.park()`, want: "42501"},
	{name: "a node cut below its promises", given: []string{powered, drawnA}, sql: `SELECT deed('edit'), cut('SS',
		599.999)`, want: "cut_names_at_risk"},
	{name: "a node retired that promises", given: []string{powered, drawnA},
		sql: `SELECT deed('retire'), shut_node('SS')`, want: "cut_names_at_risk"},
	{name: "a node that promises and becomes a line", given: []string{powered, drawnA},
		sql: `SELECT deed('edit'), cut('SS', 1000, 'substation', 'kVA', 'main')`, want: "cut_names_at_risk"},
	{name: "a node that promises and becomes another kind", given: []string{powered, drawnA},
		sql: `SELECT deed('edit'), cut('SS', 1000, 'steam', 't/h')`, want: "cut_names_at_risk"},
	{name: "a cut that names less than it takes", given: []string{powered, drawnA},
		sql: `SELECT deed('edit'), cut('SS', 500), risk('h', 'SS', 99.999)`, want: "cut_names_at_risk"},
	{name: "a cut that names another node's draw", given: []string{powered, drawnA},
		sql: `SELECT deed('edit'), cut('SS', 500), risk('h', 'ST', 5, 'steam')`, want: "cut_names_at_risk"},
	{name: "a cut that names more than is drawn", given: []string{powered, drawnA},
		sql: `SELECT deed('edit'), cut('SS', 0), risk('h', 'SS', 601)`, want: "risk_names_live_draw"},
	{name: "a cut that names who draws nothing", given: []string{powered, drawnA,
		`SELECT deed('hold'), hold('k', 'B')`}, sql: `SELECT deed('edit'), cut('SS', 500), risk('k', 'SS', 100)`,
		want: "risk_names_live_draw"},
	{name: "a risk named after the cut", given: []string{powered, drawnA}, sql: `SELECT risk('h', 'SS', 100)`,
		want: "version_has_record"},
	{name: "a second cut that names only what it adds",
		given: []string{powered, drawnA, `SELECT deed('edit'), cut('SS', 500), risk('h', 'SS', 100)`},
		sql:   `SELECT deed('edit'), cut('SS', 400), risk('h', 'SS', 100)`, want: "cut_names_at_risk"},
	{name: "a draw from a node that promises too much already",
		given: []string{powered, drawnA, `SELECT deed('edit'), cut('SS', 500), risk('h', 'SS', 100)`},
		sql:   `SELECT deed('hold'), hold('k', 'B'), draw('k', 'SS', 1)`,
		want:  "node_has_headroom"},
	{name: "a draw that takes the place of another on such a node",
		given: []string{powered, drawnA, `SELECT deed('hold'), hold('k', 'B'), draw('k', 'SS', 10)`,
			`SELECT deed('edit'), cut('SS', 500), risk('h', 'SS', 110)`},
		sql:  `SELECT deed('edit'), undraw('k', 'SS'), hold('l', 'FAR'), draw('l', 'SS', 10)`,
		want: "node_has_headroom"},
	{name: "a draw that hides behind a risk it names itself", given: []string{powered},
		sql:  `SELECT deed('hold'), hold('h', 'A'), draw('h', 'SS', 1001), risk('h', 'SS', 1001)`,
		want: "node_has_headroom"},
}

// inQueue is land for which p and then q wait, once h, whose it was, has given it up.
var inQueue = []string{`SELECT deed('edit'), party('p'), party('q')`, heldA, `SELECT deed('edit')`,
	`SELECT deed('queue'), wait('p', 'A')`, `SELECT deed('queue'), wait('q', 'A')`, endA}

// waited is inQueue before the land comes free.
var waited = inQueue[:5]

var lineWrongs = []wrong{
	{name: "a right that passes the queue", given: inQueue, sql: `SELECT deed('hold'), hold('k', 'A')`,
		want: "queue_is_kept"},
	{name: "a right of the second in the queue", given: inQueue, sql: `SELECT deed('hold'), hold_for('q', 'k', 'A'),
		unwait('q', 'A')`, want: "queue_is_kept"},
	{name: "a right of the first, whose place goes on", given: inQueue, sql: `SELECT deed('hold'), hold_for('p', 'k',
		'A')`, want: "queue_is_kept"},
	{name: "a place that ends for another's hold", given: inQueue, sql: `SELECT deed('hold'), unwait('p', 'A'),
		unwait('q', 'A'), hold('k', 'A')`, want: "queue_is_kept"},
	{name: "the first's place ended to serve the second", given: inQueue, sql: `SELECT deed('hold'), unwait('p',
		'A'), hold_for('q', 'k', 'A'), unwait('q', 'A')`, want: "queue_is_kept"},
	{name: "the first left and the second served in one record", given: inQueue,
		sql:  `SELECT deed('leave'), unwait('p', 'A'), hold_for('q', 'k', 'A'), unwait('q', 'A')`,
		want: "queue_is_kept"},
	{name: "an old right laid on land with a line",
		given: append([]string{`SELECT deed('hold'), hold('o', 'B')`}, inQueue...),
		sql:   `SELECT deed('edit'), cover('o', 'A')`, want: "queue_is_kept"},
	{name: "a right that goes from hand to hand past the queue", given: waited, sql: endA + `; SELECT hold('k', 'A')`,
		want: "queue_is_kept"},
	{name: "a place that just ends", given: waited, sql: `SELECT deed('edit'), unwait('p', 'A')`,
		want: "queue_is_kept"},
	{name: "the second passed over", given: inQueue, sql: `SELECT deed('pass'), unwait('q', 'A')`,
		want: "queue_is_kept"},
	{name: "all passed over at once", given: inQueue, sql: `SELECT deed('pass'), unwait('p', 'A'), unwait('q', 'A')`,
		want: "queue_is_kept"},
	{name: "the first passed over while the land is another's", given: waited,
		sql: `SELECT deed('pass'), unwait('p', 'A')`, want: "queue_is_kept"},
	{name: "a queue for land that is free", given: inQueue[:1], sql: `SELECT deed('queue'), wait('p', 'B')`,
		want: "queue_needs_right"},
	{name: "a queue for land that is not there", given: []string{inQueue[0], heldA,
		`SELECT deed('split'); SELECT shut('A'); SELECT born('A1', box(0,0,50,100), 5000), born('A2', box(50,0,100,100), 5000), descends('A1', 'A'), descends('A2', 'A'), uncover('h', 'A'), cover('h', 'A1')`},
		sql: `SELECT deed('queue'), wait('p', 'A')`, want: "queue_needs_right"},
	{name: "land split while its line goes on", given: waited, sql: cutA +
		`SELECT uncover('h', 'A'), cover('h', 'A2')`, want: "queue_on_live_land"},
	{name: "a project twice in one line", given: waited, sql: `SELECT deed('queue'); INSERT INTO waiting
		SELECT park_id, gen_random_uuid(), parcel_id, district_id, project_id, seq(), NULL, sys, 5 FROM waiting
		WHERE waiting_id = id('p for A')`, want: "waiting_once"},
	{name: "two who come at one moment", given: append([]string{`SELECT deed('edit'), party('r')`}, inQueue[:3]...),
		sql: `SELECT deed('queue'), wait('p', 'A'), wait('q', 'A')`, want: "waiting_park_id_parcel_id_from_seq_key"},
	{name: "a place in front of those who came before", given: waited, sql: `SELECT deed('queue'); INSERT INTO waiting (park_id, waiting_id, parcel_id, district_id, project_id, from_seq, term_days)
		SELECT park_id, id('x'), id('A'), district_id, project(''), 1, 5 FROM park WHERE park_id = attack.park()`, want: "version_begins_now"},
	{name: "a place moved to the front", given: waited, sql: `SELECT deed('queue'); UPDATE waiting
		SET from_seq = 1 WHERE waiting_id = id('q for A')`, want: "42501"},
	{name: "a place that ended and goes on", given: append(append([]string{}, waited...),
		`SELECT deed('leave'), unwait('p', 'A')`),
		sql:  `SELECT deed('queue'); UPDATE waiting SET to_seq = NULL WHERE waiting_id = id('p for A')`,
		want: "version_closes_once"},
	{name: "a place without a record", given: waited, sql: `SELECT unwait('p', 'A')`, want: "version_has_record"},
	{name: "a hold for ever", given: waited[:3], sql: `SELECT deed('queue'); INSERT INTO waiting (park_id,
       waiting_id, parcel_id, district_id, project_id, from_seq, term_days)
		SELECT park_id, id('x'), id('A'), district_id, id('p'), seq(), 367 FROM park WHERE park_id = attack.park()`, want: "waiting_term_days_check"},
}

// TestWhatIsRightOfServicesAndQueuesIsTaken: a database that refused everything would pass the tests above.
func TestWhatIsRightOfServicesAndQueuesIsTaken(t *testing.T) {
	t.Parallel()
	ground := storetest.NewGround(t)
	for i, c := range []struct {
		name  string
		given []string
		sql   string
	}{
		{name: "all of a node", given: []string{powered}, sql: `SELECT deed('hold'), hold('h', 'A'),
			draw('h', 'SS', 1000)`},
		{name: "all of a node by two", given: []string{powered, drawnA}, sql: `SELECT deed('hold'), hold('k', 'B'),
			draw('k', 'SS', 400)`},
		{name: "released power taken by another in one record", given: []string{powered, drawnA},
			sql: `SELECT deed('edit'), undraw('h', 'SS'), hold('k', 'B'), draw('k', 'SS', 1000)`},
		{name: "an end of a right and its draws", given: []string{powered, drawnA}, sql: endA +
			`; SELECT undraw('h', 'SS'), undraw('h', 'ST')`},
		{name: "a draw that shrinks", given: []string{powered, drawnA}, sql: `SELECT deed('draw'), undraw('h',
			'SS'), draw('h', 'SS', 0.001)`},
		{name: "a draw from two nodes", given: []string{powered, heldA}, sql: `SELECT deed('draw'), draw('h', 'SS',
			1000), draw('h', 'TT', 500)`},
		{name: "a node cut to its promises", given: []string{powered, drawnA},
			sql: `SELECT deed('edit'), cut('SS', 600)`},
		{name: "a node cut below them that names who", given: []string{powered, drawnA},
			sql: `SELECT deed('edit'), cut('SS', 500), risk('h', 'SS', 100)`},
		{name: "a node retired that names who", given: []string{powered, drawnA},
			sql: `SELECT deed('retire'), shut_node('SS'), risk('h', 'SS', 600)`},
		{name: "less drawn from a node that promises too much",
			given: []string{powered, drawnA, `SELECT deed('edit'), cut('SS', 500), risk('h', 'SS', 100)`},
			sql:   `SELECT deed('draw'), undraw('h', 'SS'), draw('h', 'SS', 550)`},
		{name: "a right that ends on a retired node",
			given: []string{powered, drawnA, `SELECT deed('retire'), shut_node('SS'), risk('h', 'SS', 600)`},
			sql:   endA + `; SELECT undraw('h', 'SS'), undraw('h', 'ST')`},
		{name: "a step of a right on a node that promises too much",
			given: []string{powered, drawnA, `SELECT deed('edit'), cut('SS', 500), risk('h', 'SS', 100)`},
			sql:   `SELECT deed('reserve'), finish('h'), state('h', 'reserved')`},
		{name: "a node given more again", given: []string{powered, drawnA, `SELECT deed('edit'), cut('SS', 500),
			risk('h', 'SS', 100)`}, sql: `SELECT deed('edit'), cut('SS', 550)`},
		{name: "a place in a queue", given: waited[:4], sql: `SELECT deed('queue'), wait('q', 'A')`},
		{name: "a place in the queue for land that is free", given: inQueue,
			sql: `SELECT deed('queue'), wait('', 'A')`},
		{name: "the first served", given: inQueue,
			sql: `SELECT deed('hold'), hold_for('p', 'k', 'A'), unwait('p', 'A')`},
		{name: "the first served among other land", given: inQueue, sql: `SELECT deed('hold'), hold_for('p', 'k',
			'B', 'A', 'FAR'), unwait('p', 'A')`},
		{name: "the first served in the record that frees the land", given: waited, sql: endA +
			`; SELECT hold_for('p', 'k', 'A'), unwait('p', 'A')`},
		{name: "the second served after the first has left",
			given: append(append([]string{}, inQueue...), `SELECT deed('leave'), unwait('p', 'A')`),
			sql:   `SELECT deed('hold'), hold_for('q', 'k', 'A'), unwait('q', 'A')`},
		{name: "the second served after the first was passed over",
			given: append(append([]string{}, inQueue...), `SELECT deed('pass'), unwait('p', 'A')`),
			sql:   `SELECT deed('hold'), hold_for('q', 'k', 'A'), unwait('q', 'A')`},
		{name: "land that is free of any queue", given: append(append([]string{}, inQueue...),
			`SELECT deed('leave'), unwait('p', 'A')`, `SELECT deed('leave'), unwait('q', 'A')`),
			sql: `SELECT deed('hold'), hold('k', 'A')`},
		{name: "land split that ends its line", given: waited, sql: cutA + `SELECT uncover('h', 'A'), cover('h',
			'A2'), unwait('p', 'A'), unwait('q', 'A')`},
		{name: "land withdrawn while others wait", given: inQueue,
			sql: `SELECT deed('withdraw'); SELECT shut('A'); SELECT "on"('A', bank => 'withdrawn')`},
		{name: "a step of the right for which others wait", given: waited,
			sql: `SELECT deed('reserve'), finish('h'), state('h', 'reserved')`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for j, level := range storetest.Levels {
				for k, end := range []string{"", "; SET CONSTRAINTS ALL IMMEDIATE"} {
					park := ground.Plot(t, fmt.Sprintf("right-%d-%d-%d", i, j, k),
						append([]string{land}, c.given...)...)
					if got := ground.Attack(t, park, level, c.sql+end); got != storetest.Taken {
						t.Errorf("%s%s: %s", level, end, got)
					}
				}
			}
		})
	}
}
