package policy

import (
	"errors"
	"strings"
)

// place is a pattern of locations. Without a decode chain in the pattern the
// chain of the location, and what was found inside what was decoded, is of no
// account.
type place struct {
	glob  *pattern
	chain bool
}

func newPlace(text string) (*place, error) {
	glob, err := newPattern(text, ".:#")
	if err != nil {
		return nil, err
	}
	return &place{glob: glob, chain: strings.IndexByte(text, '#') >= 0}, nil
}

func (p *place) match(location string) bool {
	if !p.chain {
		if i := strings.IndexByte(location, '#'); i >= 0 {
			location = location[:i]
		}
	}
	return p.glob.match(location)
}

// jsonPlace translates a path in the syntax of gjson into a place: steps are
// divided by dots, '#' is every element of an array, '*' any part of a key, and
// a backslash takes the next byte as it is. The engine does not count the
// elements of arrays, so a '#' leaves no trace in a location. Queries,
// modifiers and '?' are refused.
func jsonPlace(path string) (*place, error) {
	out := "body.json"
	step := ""
	for i := 0; i <= len(path); i++ {
		if i == len(path) || path[i] == '.' {
			if step == "" {
				return nil, errors.New("empty step in a JSON path")
			}
			if step != "#" {
				out += "." + step
			}
			step = ""
			continue
		}
		c := path[i]
		if c == '\\' && i+1 < len(path) {
			i++
			step += "\\" + path[i:i+1]
			continue
		}
		if c == '#' && step == "" && (i+1 == len(path) || path[i+1] == '.') {
			step = "#"
			continue
		}
		if strings.IndexByte("?|@!{}[]()#", c) >= 0 {
			return nil, errors.New("JSON path: only steps, # for the elements of an array and * in keys are supported; write \\" + string(rune(c)) + " for the byte itself")
		}
		step += path[i : i+1]
	}
	return newPlace(out)
}
