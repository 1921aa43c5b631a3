package cache

// Firsts keeps the first of all that are added, in the order of Compare: once there are Most of them, in a heap whose
// root is the last.
type Firsts[T any] struct {
	Compare func(a, b T) int
	Most    int
	Kept    []T // in no order
}

// Wants reports whether an element would be kept.
func (f *Firsts[T]) Wants(v T) bool {
	return len(f.Kept) < f.Most || f.Most > 0 && f.Compare(v, f.Kept[0]) < 0
}

// Add keeps an element that Wants wants.
func (f *Firsts[T]) Add(v T) {
	if len(f.Kept) == f.Most {
		f.Kept[0] = v
		f.sink(0)
		return
	}
	if f.Kept = append(f.Kept, v); len(f.Kept) == f.Most {
		for i := f.Most/2 - 1; i >= 0; i-- {
			f.sink(i)
		}
	}
}

// sink moves the one at i down the heap until none below it comes later.
func (f *Firsts[T]) sink(i int) {
	for child := 2*i + 1; child < len(f.Kept); child = 2*i + 1 {
		if child+1 < len(f.Kept) && f.Compare(f.Kept[child+1], f.Kept[child]) > 0 {
			child++
		}
		if f.Compare(f.Kept[i], f.Kept[child]) >= 0 {
			return
		}
		f.Kept[i], f.Kept[child] = f.Kept[child], f.Kept[i]
		i = child
	}
}
