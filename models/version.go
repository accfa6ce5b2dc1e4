package models

import (
	"fmt"
	"strconv"
	"strings"
)

// parseVersion reads MAJOR.MINOR.PATCH, decimal numbers without leading zeros
// (Semantic Versioning 2.0.0, section 2). Pre-releases are not ordered here
// and hence refused.
func parseVersion(s string) (v [3]int, err error) {
	parts := strings.Split(s, ".")
	if len(parts) != len(v) {
		return v, fmt.Errorf("%q is not a version such as 1.2.3", s)
	}
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 31)
		if err != nil || strconv.FormatUint(n, 10) != p {
			return v, fmt.Errorf("%q is not a version such as 1.2.3", s)
		}
		v[i] = int(n)
	}
	return v, nil
}

// requireEngine fails when an engine of version have is older than minimum.
func requireEngine(minimum, have string) error {
	least, err := parseVersion(minimum)
	if err != nil {
		return fmt.Errorf("minimum_engine_version: %w", err)
	}
	v, err := parseVersion(have)
	if err != nil {
		return fmt.Errorf("engine version: %w", err)
	}
	for i := range v {
		if v[i] != least[i] {
			if v[i] < least[i] {
				return fmt.Errorf("the model needs engine %s, this is %s", minimum, have)
			}
			return nil
		}
	}
	return nil
}
