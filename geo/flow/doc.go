// Package flow is the way of a project through its approvals: templates of steps, what happened in a flow, when it will
// end, what it waits for, and what time was won against the law and against the plan agreed at signing.
//
// A [Template] is data that a bureau can edit: [FourStages] is shipped. A [Flow] is a template with what happened, by
// day. All figures are as of a day that the caller names: what happened after it is not seen.
//
// # Time
//
// Steps last working days of a [workday.Calendar]. The day of acceptance doesn't count, and a step may be accepted on
// the day on which the last of its predecessors is done; so the lengths along a path add up. The time of a step falls
// into four parts, each counted from the day after an event up to and with the next one:
//
//   - used: the department (of the firm's own step: the firm) is at work;
//   - stopped: the department asked for missing papers (补正), the firm has the floor;
//   - special: a procedure whose time the law doesn't count (行政许可法 §45: hearing, test, expert review, …) runs;
//   - between: the step was withdrawn or its result fell, and is not accepted again yet: the firm has the floor.
//
// Unknown lengths make dates unknown, never zero: a zero [workday.Day] and a nil count mean unknown. A date is
// provisional where a day counted to it, or to a date that it follows, is not settled by a notice of the State Council.
//
// docs/approvals.md states the conventions for those who read the figures.
package flow
