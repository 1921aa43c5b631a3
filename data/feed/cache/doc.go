// Package cache keeps the live features of a collection in memory, as the bytes that a feed prints, so that an answer
// is found and gathered without the database. It knows no SQL and no state of the database: package feed fills it and
// brings it up.
//
// A [Set] is changed by one writer. A [Snapshot] of it never changes and is read by anyone without a lock: a page, or a
// dump that takes minutes, reads one state whatever comes meanwhile.
//
//   - Features stand in slabs of up to 1,024 features and about 1 MiB of bytes: the garbage collector sees a few
//     pointers for each slab, not for each feature. A changed feature is appended, its old bytes are waste; a slab that
//     is more than half waste is emptied into the newest one.
//   - A feature's number names its slab and its row there. Three lists hold the numbers: by park and id, which is the
//     order of pages, by id, and by place. A list is cut into chunks of up to 512 numbers. A change copies the chunks
//     that it touches and the list of chunks; snapshots share the others.
//   - By place the numbers follow a Z-order curve, and each chunk has the boxes of its features and the box around
//     them: a search looks at the boxes of all chunks, and at the features of those few that meet it.
//   - Boxes are kept in single precision, rounded outward. A feature whose box lies within the box asked for, or
//     crosses one side of it, is found; one whose box covers a corner or two sides is compared by its exact shape.
//   - Values that features are filtered by are kept as numbers of a dictionary. A property with more than 32,767
//     different values, as codes have, is not kept: the database has an index for it.
package cache
