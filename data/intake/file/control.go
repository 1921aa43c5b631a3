package file

// Control leads from one plane to another by points known in both.
type Control struct{}
