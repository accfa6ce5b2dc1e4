package augment

import (
	"math/rand/v2"
	"strings"
)

var codeFamilies = []string{"code", "template"}

var codeMutations = []Mutation{
	{"code.call", "white space between a function's name and its parenthesis is allowed in PHP, Python, JavaScript, Java and the template languages", Syntax, codeFamilies, codeCall},
	{"code.php", "PHP function names are case-insensitive, comments separate tokens", Syntax, []string{"code"}, codePHP},
	{"code.concat", "a string literal is the concatenation of its halves: + in Python, JavaScript, Java, Ruby, Jinja2, Freemarker, SpEL and OGNL", Syntax, codeFamilies, codeConcat},
	{"code.quotes", "single and double quotes delimit the same string in Python, JavaScript, Jinja2, Twig, SpEL and OGNL as long as nothing in it is special", Syntax, codeFamilies, codeQuotes},
	{"template.blank", "blanks inside a template tag are ignored", Syntax, []string{"template"}, templateBlank},
	{"template.index", "x.name is x['name'] in Jinja2, Twig, JavaScript and EL", Syntax, []string{"template"}, templateIndex},
	{"template.comment", "a comment between tags yields nothing in Jinja2 and Twig", Syntax, []string{"template"}, templateComment},
	{"template.parenthesis", "an expression is itself in parentheses", Syntax, []string{"template"}, templateParenthesis},
}

var sinks = set("system exec passthru shell_exec popen eval assert execSync spawn spawnSync require getRuntime forName getClass __import__ read phpinfo file_get_contents call_user_func base64_decode readFileSync constructor import check_output getMethod invoke start")

func codeCall(r *rand.Rand, v string) string {
	return words(v, func(before, w, after string) string {
		if !sinks[w] || first(after) != '(' || r.IntN(2) == 0 {
			return w
		}
		return w + one(r, " ", "  ", "\t")
	})
}

func codePHP(r *rand.Rand, v string) string {
	if !strings.Contains(v, "<?") && !strings.Contains(v, "$_") {
		return v
	}
	return words(v, func(before, w, after string) string {
		if !sinks[w] || first(after) != '(' || quote(last(before)) {
			return w
		}
		return one(r, flip(r, w), w+"/**/", w+"/*"+benignWord(r)+"*/", strings.ToUpper(w))
	})
}

// literal finds a quoted run of word bytes, two at least, and returns its place.
func literal(r *rand.Rand, v string) (from, to int, ok bool) {
	type span struct{ from, to int }
	var found []span
	for i := 0; i < len(v); i++ {
		if v[i] != '\'' && v[i] != '"' || i > 0 && v[i-1] == '\\' {
			continue
		}
		w := firstWord(v[i+1:])
		if j := i + 1 + len(w); len(w) > 1 && j < len(v) && v[j] == v[i] {
			found = append(found, span{i, j + 1})
			i = j
		}
	}
	if len(found) == 0 {
		return 0, 0, false
	}
	s := found[r.IntN(len(found))]
	return s.from, s.to, true
}

// twig reports tags in which + adds numbers.
func twig(v string) bool {
	return strings.Contains(v, "_self") || strings.Contains(v, "|map") || strings.Contains(v, "|filter") || strings.Contains(v, "|sort") || strings.Contains(v, "|reduce") || strings.Contains(v, "<?") || strings.Contains(v, "$_") || strings.Contains(v, "{php")
}

// nested reports quotes inside quotes, where a literal found by literal could be
// the space between two others.
func nested(v string) bool {
	return strings.Contains(v, "'") && strings.Contains(v, `"`) || strings.Contains(v, "\\")
}

func codeConcat(r *rand.Rand, v string) string {
	from, to, ok := literal(r, v)
	if !ok || twig(v) || nested(v) || to < len(v) && v[to] == ':' || from == 0 || strings.IndexByte("(,[=", v[from-1]) < 0 {
		return v
	}
	at := from + 2
	if n := to - from - 3; n > 1 {
		at += r.IntN(n)
	}
	q := v[from : from+1]
	return v[:at] + q + one(r, "+", " + ") + q + v[at:]
}

func codeQuotes(r *rand.Rand, v string) string {
	from, to, ok := literal(r, v)
	if !ok || nested(v) || strings.Contains(v, "<?") || strings.HasPrefix(strings.TrimSpace(v), "{\"") || strings.HasPrefix(strings.TrimSpace(v), "[{") {
		return v
	}
	q := "'"
	if v[from] == '\'' {
		q = `"`
	}
	return v[:from] + q + v[from+1:to-1] + q + v[to:]
}

func templateBlank(r *rand.Rand, v string) string {
	gap := one(r, " ", "  ", "\t", "\n")
	switch {
	case strings.Contains(v, "{{") && strings.Contains(v, "}}") && !strings.Contains(v, "{{{") && !strings.Contains(v, "}}}") && !strings.Contains(v, "{{#") && !strings.Contains(v, "{{-"):
		return strings.ReplaceAll(strings.ReplaceAll(v, "{{", "{{"+gap), "}}", gap+"}}")
	case strings.Contains(v, "<%=") && strings.Contains(v, "%>"):
		return strings.ReplaceAll(strings.ReplaceAll(v, "<%=", "<%="+gap), "%>", gap+"%>")
	case strings.HasPrefix(v, "${") && strings.HasSuffix(v, "}") && strings.Count(v, "{") == 1:
		return "${" + gap + v[2:len(v)-1] + gap + "}"
	}
	return v
}

func templateIndex(r *rand.Rand, v string) string {
	if !strings.Contains(v, "{{") || nested(v) && strings.Contains(v, `"`) {
		return v
	}
	for _, n := range []string{"__class__", "__globals__", "__init__", "__mro__", "__base__", "constructor"} {
		if i := strings.Index(v, "."+n); i > 0 && (i+1+len(n) == len(v) || !wordByte(v[i+1+len(n)])) {
			return v[:i] + one(r, "['"+n+"']", `["`+n+`"]`, "['"+n[:3]+"'+'"+n[3:]+"']") + v[i+1+len(n):]
		}
	}
	return v
}

func templateComment(r *rand.Rand, v string) string {
	i := strings.Index(v, "{{")
	if i < 0 || strings.Contains(v, "{{#") || strings.Contains(v, "constructor") || strings.Contains(v, "{{=") {
		return v
	}
	return v[:i] + "{# " + benignText(r) + " #}" + v[i:]
}

func templateParenthesis(_ *rand.Rand, v string) string {
	if strings.HasPrefix(v, "{{") && strings.HasSuffix(v, "}}") && strings.Count(v, "{") == 2 && strings.Count(v, "}") == 2 && !strings.ContainsAny(v, "|#=-%") {
		return "{{(" + strings.TrimSpace(v[2:len(v)-2]) + ")}}"
	}
	return v
}
