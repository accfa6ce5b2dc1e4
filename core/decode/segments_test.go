package decode

import "testing"

func TestPathSegments(t *testing.T) {
	runWholeCases(t, "segments.json", &PathSegments{}, nil)
}
