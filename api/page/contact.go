package page

import "luodi/message"

// Contact is whom a reader asks, as a park tells it; "" is what it doesn't tell.
type Contact struct{ Phone, Email, Hours, Address string }

// Section is a contact as a page and a sheet show it.
func (c Contact) Section(lang message.Lang) Section {
	table := &Table{}
	add := func(key string, cell Cell) {
		if cell.Text != "" {
			table.Rows = append(table.Rows, []Cell{{Text: message.Text(lang, key), Head: true}, cell})
		}
	}
	add("web.contact.phone", Cell{Text: c.Phone, Phone: true})
	add("web.contact.email", Cell{Text: c.Email, Href: "mailto:" + c.Email})
	add("web.contact.hours", Cell{Text: c.Hours})
	add("web.contact.address", Cell{Text: c.Address})
	return Section{Title: message.Text(lang, "web.contact"), Table: table}
}

// Line is a contact on one line, as a card has room for.
func (c Contact) Line() string {
	line := c.Phone
	if line == "" {
		line = c.Email
	}
	if c.Hours != "" && line != "" {
		line += " · " + c.Hours
	}
	return line
}
