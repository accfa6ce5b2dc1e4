package traefik

import "strings"

// fieldNames are the options that a user may set.
const fieldNames = "mode engine confidence failMode maxBodyBytes requestIdHeader log sidecar sidecarTimeout sidecarToken sidecarPolicy sidecarSample policy policyFile"

// unknownField says that an option does not exist and which one may be meant.
func unknownField(name string) string {
	near, least := "", 4
	for _, known := range strings.Split(fieldNames, " ") {
		if d := distance(strings.ToLower(name), strings.ToLower(known)); d < least {
			near = known
			least = d
		}
	}
	if near == "" {
		return name + ": no such option; there are " + strings.ReplaceAll(fieldNames, " ", ", ")
	}
	return name + ": no such option; did you mean " + near + "?"
}

// distance is the number of single-byte edits between two words (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := 0; j <= len(b); j++ {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			best := diagonal
			if a[i-1] != b[j-1] {
				best++
			}
			if row[j]+1 < best {
				best = row[j] + 1
			}
			if row[j-1]+1 < best {
				best = row[j-1] + 1
			}
			diagonal = row[j]
			row[j] = best
		}
	}
	return row[len(b)]
}
