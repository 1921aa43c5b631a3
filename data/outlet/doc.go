// Package outlet writes files: features of collections, as they are now or were at an instant, in the formats that land
// offices, GIS and CAD read. Rows are written as they come from the database; no format keeps them all in memory.
package outlet
