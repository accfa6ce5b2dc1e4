package walk

// Spent returns how many values and decoded bytes the transaction has counted
// so far.
func (w *Walker) Spent() (values, decoded int) { return w.values, w.decoded }

// Room is how much of the budget of decoded bytes must be left for Spend.
const Room = arenaSize

// Spend counts a line of n bytes that needs no walk, because one equal to it
// byte for byte took so many values and decoded bytes. It reports whether the
// limits allow that; if not, nothing is counted and the line has to be walked,
// so that the limits are met and counted where they are.
func (w *Walker) Spend(n, values, decoded int) bool {
	room := w.limits.DecodedRatio*w.input + w.limits.DecodedSlack - w.decoded
	if w.values+values > w.limits.Values || decoded+Room > room {
		return false
	}
	w.input += n
	w.values += values
	w.decoded += decoded
	return true
}
