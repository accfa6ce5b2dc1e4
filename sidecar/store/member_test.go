package store

import (
	"fmt"
	"slices"
	"testing"
)

// TestOwners: everybody gets a fair share, whatever the order of the members, and
// when one goes most partitions stay where they are.
func TestOwners(t *testing.T) {
	for _, partitions := range []int{1, 8, 64} {
		for count := 1; count <= 6; count++ {
			var members []string
			for i := range count {
				members = append(members, fmt.Sprintf("host-%d", i))
			}
			out, has := owners(members, partitions), map[string]int{}
			for _, name := range out {
				has[name]++
			}
			for name, n := range has {
				if most := (partitions + count - 1) / count; n > most || name == "" {
					t.Errorf("%d members, %d partitions: %q has %d", count, partitions, name, n)
				}
			}
			slices.Reverse(members)
			if !slices.Equal(out, owners(members, partitions)) {
				t.Errorf("%d members in another order deal otherwise", count)
			}
			moved := 0
			for n, name := range owners(members[1:], partitions) {
				if name != out[n] && out[n] != members[0] {
					moved++
				}
			}
			if count > 1 && moved > partitions/2 {
				t.Errorf("%d members: without one %d of %d partitions of others move", count, moved, partitions)
			}
		}
	}
	if got := owners(nil, 2); !slices.Equal(got, []string{"", ""}) {
		t.Error(got)
	}
}
