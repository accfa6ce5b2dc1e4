package console

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// functions are those of the templates.
var functions = template.FuncMap{
	"shown": shown, "lines": lines, "class": class, "at": at, "stamp": stamp, "since": since, "link": link, "number": number, "plural": plural, "family": familyNamed,
}

// shown makes visible what a browser would hide or obey: control characters,
// those that reorder text, and bytes that are no text. Markup is html/template's
// business.
func shown(s string) string { return visible(s, unicode.IsPrint) }

// lines is shown for texts of several lines that Glacis wrote itself, such as a
// policy.
func lines(s string) string {
	return visible(s, func(r rune) bool { return r == '\n' || unicode.IsPrint(r) })
}

func visible(s string, plain func(rune) bool) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case plain(r):
			b.WriteString(s[i : i+size])
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}

// class is a word of ours as the name of a style, "other" for any other text.
func class(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }) {
		return "other"
	}
	return s
}

// stamp is a moment for programs.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// at is a moment in UTC, "never" for the zero time.
func at(t time.Time) string {
	if t.IsZero() || t.Unix() <= 0 {
		return "never"
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// since is how long ago a moment was, in one unit.
func since(now, t time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero() || t.Unix() <= 0:
		return "never"
	case d < 2*time.Second:
		return "now"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s ago", d/time.Second)
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min ago", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", d/time.Hour)
	}
	return fmt.Sprintf("%d days ago", d/(24*time.Hour))
}

// link is the address of a page with parameters, given as name and value in
// turn; empty ones are left out.
func link(page string, pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if len(query) == 0 {
		return Root + page
	}
	return Root + page + "?" + query.Encode()
}

// number writes thousands apart.
func number(n any) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + " " + text[i:]
	}
	return text
}

// plural is "1 event" or "2 events".
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return number(n) + " " + word + "s"
}
