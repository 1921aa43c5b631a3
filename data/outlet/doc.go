// Package outlet writes files: features of collections, as they are now or were at an instant, in the formats that land
// offices, GIS and CAD read. Rows are written as they come from the database; no format keeps them all in memory. It is
// one package because every format is a row of one table and writes the layers of one job.
package outlet
