package learn

// Settle returns the decisions by which an operator confirms or dismisses all
// indicators of a suggestion. about has what they have in common: Action, Who,
// Why and Expires.
func (s *Suggestion) Settle(about Decision) []Decision {
	about.Asset, about.Method, about.Template, about.Location = s.Asset, s.Method, s.Template, s.Location
	out := make([]Decision, len(s.Indicators))
	for i, key := range s.Indicators {
		out[i] = about
		out[i].Indicator = key
	}
	return out
}
