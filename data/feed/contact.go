package feed

// said is a text of the contact that stands in two languages, in the reader's, or in the other where that is missing.
func said(zh, en *string, english bool) string {
	first, second := zh, en
	if english {
		first, second = en, zh
	}
	switch {
	case first != nil:
		return *first
	case second != nil:
		return *second
	}
	return ""
}

// Hours is when somebody answers, "" where that is not told.
func (c *ParkContact) Hours(english bool) string { return said(c.HoursZH, c.HoursEN, english) }

// Address is where the park's office is, "" where that is not told.
func (c *ParkContact) Address(english bool) string { return said(c.AddressZH, c.AddressEN, english) }
