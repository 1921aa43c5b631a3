// Package data is the folder of all that speaks to the database, a room a folder: store opens it, schema makes its
// tables and rules, feed, ledger, registry, siting, intake, event and people read and write what their names say.
package data
