package train

import "hash/fnv"

// reservedAttacks are the attack files that take no part in choosing options:
// those whose names hash lowest.
var reservedAttacks = map[string]bool{"attack_fwaf": true, "attack_foospidy": true, "attack_nuclei_le2023": true}

// Reserved reports whether a request is of the reserve: three attack files and
// a third of the sites of recorded traffic, chosen by a hash of their names.
// Options are chosen, and data is written, without a look at them.
func Reserved(x *Example) bool {
	if x.Attack {
		return reservedAttacks[x.File]
	}
	if !Recorded(x.File) {
		return false
	}
	h := fnv.New32a()
	h.Write([]byte("reserve:" + x.Source))
	return h.Sum32()%3 == 0
}
