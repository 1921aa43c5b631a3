package tile

func (w *Writer) addPoints(tags []Value) {
	kept := w.ring[:0]
	for _, p := range w.shape.at {
		if !w.buffered.misses(p, p) {
			kept = append(kept, nearest(p))
		}
	}
	w.ring = kept
	if len(kept) == 0 {
		return
	}
	w.pen.reset()
	w.pen.command(moveTo, len(kept))
	for _, v := range kept {
		w.pen.to(v)
	}
	w.feature(points, tags)
}

func (w *Writer) addLines(tags []Value) {
	w.pen.reset()
	start := 0
	for _, end := range w.shape.rings {
		w.line(w.shape.at[start:end])
		start = end
	}
	if len(w.pen.out) > 0 {
		w.feature(lines, tags)
	}
}

// line draws what of a line lies in the tile and its buffer.
func (w *Writer) line(line []point) {
	part := w.pieces[:0]
	for i := 1; i < len(line); i++ {
		p, q, some := w.buffered.stretch(line[i-1], line[i])
		if !some {
			continue
		}
		if len(part) > 0 && part[len(part)-1] != p {
			w.lineOnGrid(part)
			part = part[:0]
		}
		if len(part) == 0 {
			part = append(part, p)
		}
		part = append(part, q)
	}
	w.lineOnGrid(part)
	w.pieces = part[:0]
}

func (w *Writer) lineOnGrid(line []point) {
	w.ring = griddedLine(w.ring[:0], line)
	if len(w.ring) > 1 {
		w.pen.line(w.ring)
	}
}
