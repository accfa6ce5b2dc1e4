package gateway

import "strconv"

// Suggest returns `, did you mean "key"?` for the known key that is nearest to
// what was written, or "" when none is near.
func Suggest(written string, keys []string) string {
	plain := plainKey(written)
	if len(plain) > 64 {
		return ""
	}
	best, near := "", len(plain)/3+2
	for i := 0; i < len(keys); i++ {
		if d := distance(plain, plainKey(keys[i])); d < near {
			best, near = keys[i], d
		}
	}
	if best == "" {
		return ""
	}
	return ", did you mean " + strconv.Quote(best) + "?"
}

// distance is the least number of bytes inserted, deleted or replaced that
// turns a into b (Levenshtein 1965).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := 0; j < len(row); j++ {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			d := diagonal
			if a[i-1] != b[j-1] {
				d++
			}
			diagonal = row[j]
			if row[j]+1 < d {
				d = row[j] + 1
			}
			if row[j-1]+1 < d {
				d = row[j-1] + 1
			}
			row[j] = d
		}
	}
	return row[len(b)]
}
