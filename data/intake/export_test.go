package intake

// DrawAtMost lets an import hold n points of a drawing, so that a test needs no file of millions.
func (req *ImportRequest) DrawAtMost(n int64) { req.drawn = n }
