package flow

// Sum is a figure over many flows: of which ones, and how many days by law and in truth.
type Sum struct {
	N           int `json:"n"` // the flows compared
	Unfinished  int `json:"unfinished"`
	Unlimited   int `json:"unlimited"`
	Provisional int `json:"provisional"`

	Statutory int `json:"statutory"` // days that the law allows the flows compared
	Taken     int `json:"taken"`     // days that they took
}

// Compressed is the share of the days by law that the flows did without: 0.6 where they took 40 of 100, below 0 where
// they took more. Days are summed before they are divided, so that a long flow counts more than a short one. known is
// false where nothing was compared.
func (s Sum) Compressed() (share float64, known bool) {
	if s.Statutory == 0 {
		return 0, false
	}
	return 1 - float64(s.Taken)/float64(s.Statutory), true
}

// count counts a flow by its verdict and says whether its days enter.
func (s *Sum) count(v Verdict) bool {
	switch v {
	case Compared:
		s.N++
		return true
	case Unfinished:
		s.Unfinished++
	case Unlimited:
		s.Unlimited++
	case Provisional:
		s.Provisional++
	}
	return false
}

// WorkingSum adds up the first figure over many flows: departments' working days.
type WorkingSum struct {
	Sum
	Stopped int `json:"stopped"`
	Special int `json:"special"`
	Firm    int `json:"firm"`
}

// Add takes a flow in.
func (s *WorkingSum) Add(w Working) {
	if s.count(w.Verdict) {
		s.Statutory += w.Statutory
		s.Taken += w.Used
		s.Stopped += w.Stopped
		s.Special += w.Special
		s.Firm += w.Firm
	}
}

// ElapsedSum adds up the second figure over many flows: days elapsed between two events, but for the firm's own.
type ElapsedSum struct {
	Sum
	Special int `json:"special"` // of those taken
	Firm    int `json:"firm"`    // apart from those taken
}

// Add takes a flow in.
func (s *ElapsedSum) Add(e Elapsed) {
	if s.count(e.Verdict) {
		s.Statutory += e.Statutory
		s.Taken += e.Department + e.Special
		s.Special += e.Special
		s.Firm += e.Firm
	}
}
