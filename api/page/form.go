package page

// Form asks for another answer of the same address by GET. Fields that are left blank are sent without a value; the
// handler takes them away.
type Form struct {
	Title  string  // of the form, for those who hear it
	Hidden []Field // sent as they are
	Fields []Field
	More   []Field // behind a fold; open where one has a value
	Fold   string  // the fold's text
	Submit string
	Clear  Link // the address without any choice, empty where there is none
}

// Field is an entry of a form: a choice where it has options, else a text.
type Field struct {
	Name    string
	Label   string
	Value   string
	Hint    string // shown while it is empty
	Mode    string // "numeric" for the keyboard of a phone
	Options []Option
	Wide    bool
}

// Option is a value that can be chosen.
type Option struct{ Value, Text string }

// Open reports whether one of the folded fields has a value.
func (f *Form) Open() bool {
	for _, field := range f.More {
		if field.Value != "" {
			return true
		}
	}
	return false
}

// Copy is an address that other programs take, with a button that copies it where scripts run.
type Copy struct {
	Label  string
	Value  string
	Button string
	Done   string // said once it is copied
}
