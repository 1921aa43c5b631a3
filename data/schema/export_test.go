package schema

// Files are the names of the rule files, in the order in which they are run.
func Files() []string {
	var names []string
	for _, f := range rules() {
		names = append(names, f.name)
	}
	return names
}
