package api

import (
	"luodi/api/ogc"
	"luodi/data/outlet"
)

// FileWords are the words of files, for a command that writes some.
func FileWords() outlet.Vocabulary { return ogc.FileWords() }
