// Package soak holds no code but tests: it contends for land, kills programs in the middle of writes and runs long
// random histories, and audits what the database holds afterwards with queries that share nothing with the triggers.
// Short forms run with every test; LUODI_SOAK=1 runs the whole of them.
package soak
