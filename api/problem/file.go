package problem

import (
	"strings"

	"luodi/data/intake/file"
	"luodi/message"
)

// Door is from where a file came: what mends a fault is an option of the command, or a control of the page and a
// parameter of the API.
type Door string

// The doors of files.
const (
	Command Door = "import.fault."
	Web     Door = "import.web."
)

// Fault says in a language why a file or a row of it can't be taken. What rules say of it is put into the fault's own
// members too.
func Fault(lang message.Lang, door Door, f *file.Fault) string {
	if f.Words != nil {
		f.Expected = Said(lang, *f.Words)
	}
	if f.Came != nil {
		f.Got = Said(lang, *f.Came)
	}
	field := f.Field
	if shape := "import.shape." + strings.ToLower(field); f.Code == "invalid_shape" && message.Known(shape) {
		field = message.Text(lang, shape)
	}
	if f.Where != nil {
		field = Said(lang, *f.Where)
	}
	key := string(door) + f.Code
	if !message.Known(key) {
		key = string(Command) + f.Code
	}
	return message.Text(lang, key, "field", field, "expected", f.Expected, "got", f.Got)
}
