package theme

// Limit lowers the number of steps that a page may take.
func (t *Theme) Limit(steps int) { t.steps = steps }
