package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// expand makes one case of each place of a payload.
func expand(f *file, p *payload) ([]*Case, error) {
	in := p.In
	if in == nil {
		in = f.In
	}
	if len(in) == 0 || p.Text == "" {
		return nil, fmt.Errorf("%s: text and a place to put it are required", p.ID)
	}
	for place := range p.Miss {
		if place != "all" && !slices.Contains(in, place) {
			return nil, fmt.Errorf("%s: miss: place %q is none of its places", p.ID, place)
		}
	}
	var out []*Case
	for _, where := range in {
		if slices.Contains(p.NotIn, where) {
			continue
		}
		r, location, err := put(where, p.Text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.ID, err)
		}
		c := &Case{Group: f.Group, ID: p.ID + "." + where, Reason: p.Reason + " (" + where + ")",
			Expect: Expect{Action: first(p.Action, f.Action)}, build: func(id string) *Message { return newMessage(id, r, nil) }}
		if p.Reason == "" {
			return nil, fmt.Errorf("%s: reason is missing", p.ID)
		}
		if c.Expect.Action == Block {
			c.Expect.Location = location
			if c.Expect.Family = first(p.Family, f.Family); c.Expect.Family == "any" {
				c.Expect.Family = ""
			}
			c.Expect.Miss = first(p.Miss[where], p.Miss["all"])
		}
		if err := c.check(); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func first[T ~string](values ...T) T {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// compile checks an entry and makes it a case.
func (e *entry) compile(f *file) (*Case, error) {
	c := &Case{Group: f.Group, Policy: f.Policy, ID: e.ID, Reason: e.Reason, Expect: e.Expect}
	switch {
	case (e.Raw == "") == (e.Request == nil):
		return nil, fmt.Errorf("%s: want either raw or request", e.ID)
	case e.Raw != "":
		c.build = e.raw
	default:
		r, err := e.Request.core()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.ID, err)
		}
		q := e.Request
		c.build = func(id string) *Message {
			whole := r
			if q.Parts != nil {
				whole.Body = join(q.Parts)
			}
			m := newMessage(id, whole, q.Chunks)
			m.Writes, m.HTTP2 = q.Writes, q.HTTP2
			return m
		}
	}
	return c, c.check()
}

// raw fills in what stands in braces.
func (e *entry) raw(id string) *Message {
	lines := "Host: shop.test\r\nX-Request-Id: " + id + "\r\n" + IDHeader + ": " + id + "\r\n"
	text := strings.NewReplacer("{id}", id, "{headers}", lines).Replace(e.Raw)
	m := &Message{ID: id, Raw: []byte(text), Writes: e.Writes, Unfinished: e.Unfinished}
	if r, err := parse(m.Raw); err == nil {
		m.Request = r
	}
	return m
}

// core makes the request without the lines that newMessage adds and without a
// body in parts.
func (q *request) core() (r core.Request, err error) {
	r.URI = first(q.Target, "/")
	if r.Headers, err = headerLines(q.Headers); err != nil {
		return r, err
	}
	if r.Trailers, err = headerLines(q.Trailers); err != nil {
		return r, err
	}
	if q.Type != "" {
		r.Headers = append(r.Headers, core.Header{Name: "Content-Type", Value: q.Type})
	}
	if q.Body != "" && q.Parts != nil {
		return r, errors.New("want either body or parts")
	}
	if err := checkParts(q.Parts); err != nil {
		return r, err
	}
	r.Body = []byte(q.Body)
	if len(q.Trailers) > 0 && len(q.Chunks) == 0 {
		return r, errors.New("trailers need chunks")
	}
	if slices.ContainsFunc(q.Chunks, func(n int) bool { return n < 1 }) {
		return r, errors.New("chunks: must be positive")
	}
	if r.Method = q.Method; r.Method == "" {
		r.Method = "GET"
		if q.Body != "" || q.Parts != nil {
			r.Method = "POST"
		}
	}
	return r, q.Many.add(&r)
}

// add appends what is to be there many times.
func (m *many) add(r *core.Request) error {
	for n := 1; n <= m.N; n++ {
		if m.Header != "" {
			h, err := headerLine(strings.ReplaceAll(m.Header, "{n}", strconv.Itoa(n)))
			if err != nil {
				return err
			}
			r.Headers = append(r.Headers, h)
		}
		if m.Query != "" {
			separator := "&"
			if !strings.Contains(r.URI, "?") {
				separator = "?"
			}
			r.URI += separator + strings.ReplaceAll(m.Query, "{n}", strconv.Itoa(n))
		}
	}
	return nil
}
