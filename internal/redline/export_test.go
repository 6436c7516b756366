package redline

// Kept returns how many words are marked although they did not change.
func (r *Redline) Kept() int { return r.kept }
