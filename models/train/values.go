package train

import (
	"sync"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/decode"
	"github.com/glacis-waf/glacis/core/walk"
)

// Value is one distinct value as the model sees it.
type Value struct {
	Text  string
	Loc   walk.Loc
	Name  bool
	Flags decode.Flags
}

// Use is a value's occurrence in a request.
type Use struct {
	// Value indexes Set.Values.
	Value int32
	// Root numbers the undecoded values of the request; a value and its decoded
	// forms share it.
	Root int16
	Loc  walk.Loc
}

// Example is a labelled request reduced to its values.
type Example struct {
	File, Source, Category, Payload, Shape, ID string
	Attack, Weak                               bool
	// Augmented marks a mutated copy of another example: never measured on.
	Augmented bool
	Uses      []Use
}

// Set is a corpus taken apart.
type Set struct {
	Values   []Value
	Examples []Example
	index    map[Value]int32
	mu       sync.Mutex
}

// NewSet makes an empty Set.
func NewSet() *Set { return &Set{index: map[Value]int32{}} }

// maxValueText bounds the length of a value kept for training.
const maxValueText = 4096

type collector struct {
	vals []Value
	root []int16
	n    int16
}

func (c *collector) Value(x *walk.Context, v []byte) {
	if x.Depth == 0 || c.n == 0 {
		c.n++
	}
	if len(v) > maxValueText {
		v = v[:maxValueText]
	}
	c.vals = append(c.vals, Value{Text: string(v), Loc: x.Loc, Name: x.Name, Flags: x.Flags})
	c.root = append(c.root, c.n)
}

// Add takes a record apart and adds it.
func (s *Set) Add(e *core.Extractor, r *Record) error {
	q, err := r.Request()
	if err != nil {
		return err
	}
	var c collector
	e.Visit(q, &c)
	ex := Example{File: r.File, Source: r.Source, Category: r.Category, Payload: r.Payload, Shape: r.Shape, ID: r.ID,
		Attack: r.Label == "attack", Weak: r.Weak, Uses: make([]Use, len(c.vals))}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, v := range c.vals {
		k, ok := s.index[v]
		if !ok {
			k = int32(len(s.Values))
			s.Values = append(s.Values, v)
			s.index[v] = k
		}
		ex.Uses[i] = Use{Value: k, Root: c.root[i], Loc: v.Loc}
	}
	s.Examples = append(s.Examples, ex)
	return nil
}
