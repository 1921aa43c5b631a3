// Package name finds things by what people type: by codes as people write them, names in Chinese and English, pinyin
// and its initials, traditional characters, and with one wrong character. It knows no SQL and no state of the
// database: package feed fills it and brings it up.
//
//   - [fold] is told once: texts of things and what is typed go through it alike. It leaves letters, digits and Chinese
//     characters, of half width, small, without accents and simplified, and remembers where words begin.
//   - An [Index] holds the folded texts of one park behind one another in one slab of bytes: a text is looked for in
//     all of them at once, at the speed of memory. A hundred thousand codes are 0.7 MB.
//   - A [Query] is what was typed, taken apart: sizes and statuses are conditions, the rest is looked for.
//   - What is found is ordered by how it was found ([Level]) and by nothing that changes from one answer to the next.
//
// An Index never changes: [Index.With] makes the next one, which shares what stays.
package name
