package models

import (
	"fmt"
	"slices"
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
	if slices.Compare(v[:], least[:]) < 0 {
		return fmt.Errorf("the model needs engine %s, this is %s", minimum, have)
	}
	return nil
}

// CompareVersions orders two versions by precedence (Semantic Versioning 2.0.0,
// section 11): -1, 0 or 1. What is no version such as 1.2.3 is lower than every
// version, and equal to its like.
func CompareVersions(a, b string) int {
	x, errX := parseVersion(a)
	y, errY := parseVersion(b)
	switch {
	case errX != nil && errY != nil:
		return 0
	case errX != nil:
		return -1
	case errY != nil:
		return 1
	}
	return slices.Compare(x[:], y[:])
}
