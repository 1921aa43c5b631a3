// Package land says what land is and may become: the statuses of a parcel and
// of the right that rests on it, the stages of a project, the codes that
// registries and plans give. Its values are the strings that the database
// stores and the feeds print.
//
// Mind two words: reserve (储备) is a status in the land bank, reserved (预留)
// is a state of an allotment, and class 16 留白 is a use in the plan.
package land
