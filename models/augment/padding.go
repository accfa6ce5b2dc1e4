package augment

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

var paddings = []Mutation{
	{"pad.string", "text before the quote that ends the string the value is put into belongs to that string", Padding, []string{"sqli", "xss", "nosqli", "ldap"}, padString},
	{"pad.comment", "text after the start of a comment is ignored", Padding, []string{"sqli"}, padComment},
	{"pad.document", "text before and after markup is shown, the markup works", Padding, []string{"xss", "template", "code"}, padDocument},
	{"pad.command", "an argument of the command that comes before the separator", Padding, []string{"cmdi"}, padCommand},
	{"pad.line", "text before the first line break belongs to the field that the value is put into", Padding, []string{"protocol"}, padLine},
	{"pad.element", "character data and elements after the declaration are processed as ever", Padding, []string{"xxe"}, padElement},
}

var wrappers = []Mutation{
	{"wrap.pollution", "a nested query string with other parameters around, one of the same name among them: applications that forward it take one or join them", Wrapper, inParameters, wrapPollution},
	{"wrap.json", "a string member of a JSON document, as an application reads it", Wrapper, inParameters, wrapJSON},
	{"wrap.list", "one of several values in a delimited list that the application splits", Wrapper, []string{"sqli", "xss", "ssrf", "cmdi", "template", "traversal"}, wrapList},
}

func padding(r *rand.Rand) string {
	s := benignText(r)
	if r.IntN(4) == 0 {
		s = strings.Repeat(s+" ", 1+r.IntN(6)) + benignText(r)
	}
	return s[:min(len(s), 250)]
}

// padString needs a value that ends a string at once.
func padString(r *rand.Rand, v string) string {
	if v == "" || strings.IndexByte("'\"", v[0]) < 0 {
		return v
	}
	return padding(r) + v
}

func padComment(r *rand.Rand, v string) string {
	t := strings.TrimRight(v, " ")
	if !strings.HasSuffix(t, "--") && !strings.HasSuffix(t, "#") && !strings.HasSuffix(t, "-- -") {
		return v
	}
	return t + " " + padding(r)
}

func padDocument(r *rand.Rand, v string) string {
	if strings.HasPrefix(v, "<") && !letter(v[min(1, len(v)-1)]) && v[min(1, len(v)-1)] != '/' && !strings.HasPrefix(v, "<?") && !strings.HasPrefix(v, "<%") && !strings.HasPrefix(v, "<!--#") ||
		strings.HasPrefix(v, "<FilesMatch") || strings.HasPrefix(v, "<Location") {
		return v // a document or a configuration, which starts with this
	}
	markup := strings.HasPrefix(v, "<") && strings.HasSuffix(v, ">") || strings.HasPrefix(v, "{{") && strings.HasSuffix(v, "}}") ||
		strings.HasPrefix(v, "${") && strings.HasSuffix(v, "}") || strings.HasPrefix(v, "#{") && strings.HasSuffix(v, "}")
	if !markup {
		return v
	}
	switch r.IntN(3) {
	case 0:
		return padding(r) + " " + v
	case 1:
		return v + " " + padding(r)
	}
	return padding(r) + " " + v + " " + padding(r)
}

func padCommand(r *rand.Rand, v string) string {
	if v == "" || strings.IndexByte(";|&\n`", v[0]) < 0 && !strings.HasPrefix(v, "$(") {
		return v
	}
	return padding(r) + v
}

func padLine(r *rand.Rand, v string) string {
	if i := strings.IndexAny(v, "\r\n"); i < 0 || strings.Contains(v, "HTTP/1") || strings.ContainsAny(v[:i], ":/") {
		return v
	}
	return padding(r) + " " + v
}

func padElement(r *rand.Rand, v string) string {
	i := strings.LastIndex(v, "</")
	if i < 0 || strings.HasPrefix(v, "<svg") || strings.Contains(v, "<![CDATA[") {
		return v
	}
	w := benignWord(r)
	return v[:i] + "<" + w + ">" + padding(r) + "</" + w + ">" + v[i:]
}

func wrapPollution(r *rand.Rand, v string) string {
	if strings.ContainsAny(v, "&#+%") || strings.HasPrefix(v, "{") {
		return v
	}
	name := benignWord(r)
	return fmt.Sprintf("%s=%s&%s=%s&%s=%s", benignWord(r), benignWord(r), name, v, name, benignWord(r))
}

func wrapJSON(r *rand.Rand, v string) string {
	b, err := json.Marshal(map[string]string{"a_" + benignWord(r): benignText(r), "b_" + benignWord(r): v, "c_" + benignWord(r): benignWord(r)})
	if err != nil || document(v) {
		return v
	}
	return string(b)
}

func wrapList(r *rand.Rand, v string) string {
	sep := one(r, ",", ";", "|", "\n")
	if strings.Contains(v, sep) {
		return v
	}
	return benignWord(r) + sep + v + sep + benignWord(r)
}
