package walk

// SetLimits changes the depth and the number of values that the rest of a walk
// may cost.
func (w *Walker) SetLimits(depth, values int) { w.limits.Depth, w.limits.Values = depth, values }
