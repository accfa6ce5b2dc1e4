package augment

import (
	"math/rand/v2"
	"strings"
)

var sqlKeywords = set("select union all from where and or not null like in between is order by group having limit offset insert into values update set delete drop table database exec execute declare waitfor delay sleep benchmark case when then else end as distinct concat char cast convert exists count version user substring substr ascii if join load_file outfile pg_sleep information_schema xor div mod regexp rlike")

func set(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

var sqlOnly = []string{"sqli"}

var sqlMutations = []Mutation{
	{"sql.case", "keywords and function names are case-insensitive in every dialect; text next to a quote is left alone", Syntax, sqlOnly, sqlCase},
	{"sql.space", "a comment, tab, line feed or form feed separates tokens as a blank does (all dialects take /**/, tab, line feed)", Syntax, sqlOnly, sqlSpace},
	{"sql.tautology", "a true comparison of two equal numbers becomes another true one", Syntax, sqlOnly, sqlTautology},
	{"sql.operator", "OR is || and AND is && in MySQL, MariaDB and SQLite's hosts that map them", Syntax, sqlOnly, sqlOperator},
	{"sql.tail", "whatever follows a comment's start is ignored, so the comment's text is free", Syntax, sqlOnly, sqlTail},
	{"sql.versioned", "MySQL and MariaDB execute /*!50000 … */", Syntax, sqlOnly, sqlVersioned},
	{"sql.number", "a whole number is the same number in parentheses or with leading zeros", Syntax, sqlOnly, sqlNumber},
}

func keyword(w string) bool { return sqlKeywords[strings.ToLower(w)] }

func quote(c byte) bool { return c == '\'' || c == '"' || c == '`' }

func sqlCase(r *rand.Rand, v string) string {
	return words(v, func(before, w, after string) string {
		if !keyword(w) || quote(last(before)) || quote(first(after)) {
			return w
		}
		return flip(r, w)
	})
}

// sqlSpace touches only blanks with a keyword on one side and no quote or comment
// mark on the other.
func sqlSpace(r *rand.Rand, v string) string {
	var b strings.Builder
	for i := range len(v) {
		if v[i] == ' ' && i > 0 && i+1 < len(v) && (keyword(lastWord(v[:i])) || keyword(firstWord(v[i+1:]))) &&
			v[i-1] != '-' && v[i+1] != '-' && v[i-1] != '#' && !strings.Contains(v[:i], "-- ") && r.IntN(3) > 0 {
			b.WriteString(one(r, "/**/", "\t", "\n", "\f", "/*"+benignWord(r)+"*/", "  ", "\r\n"))
		} else {
			b.WriteByte(v[i])
		}
	}
	return b.String()
}

func lastWord(s string) string {
	i := len(s)
	for i > 0 && wordByte(s[i-1]) {
		i--
	}
	return s[i:]
}

func firstWord(s string) string {
	i := 0
	for i < len(s) && wordByte(s[i]) {
		i++
	}
	return s[:i]
}

func sqlTautology(r *rand.Rand, v string) string {
	for i := 1; i+1 < len(v); i++ {
		if v[i] != '=' {
			continue
		}
		a, z := lastWord(v[:i]), firstWord(v[i+1:])
		before, after := v[:i-len(a)], v[i+1+len(z):]
		if a == "" || a != z || strings.Trim(a, "0123456789") != "" || quote(last(before)) || quote(first(after)) || last(before) == '.' || first(after) == '.' {
			continue
		}
		n := string(rune('1' + r.IntN(9)))
		return before + one(r, n+"="+n, "0x3"+n+"=0x3"+n, n+"0>"+n, n+"<"+n+"7", n+"<>"+n+"5", n+" like "+n, n+" in ("+n+")", n+" between 0 and 99", "not 0="+n) + after
	}
	return v
}

func sqlOperator(r *rand.Rand, v string) string {
	return words(v, func(before, w, after string) string {
		if last(before) != ' ' || first(after) != ' ' || strings.Contains(strings.ToLower(before), "between") {
			return w
		}
		switch strings.ToLower(w) {
		case "or":
			return one(r, "||", w)
		case "and":
			return one(r, "&&", w)
		}
		return w
	})
}

func sqlTail(r *rand.Rand, v string) string {
	trimmed := strings.TrimRight(v, " ")
	for _, mark := range []string{"-- -", "--", "#"} {
		if strings.HasSuffix(trimmed, mark) && len(trimmed) > len(mark) {
			return strings.TrimSuffix(trimmed, mark) + one(r, "-- ", "-- -", "--\t", "-- "+benignText(r), mark+" "+benignText(r))
		}
	}
	return v
}

func sqlVersioned(r *rand.Rand, v string) string {
	if strings.Contains(v, "/*") {
		return v // comments do not nest
	}
	return words(v, func(before, w, after string) string {
		switch strings.ToLower(w) {
		case "union", "select", "from", "where", "and", "or":
			if last(before) == ' ' && first(after) == ' ' && r.IntN(2) == 0 {
				return one(r, "/*!", "/*!50000", "/*!40100 ") + w + "*/"
			}
		}
		return w
	})
}

func sqlNumber(r *rand.Rand, v string) string {
	return words(v, func(before, w, after string) string {
		c := last(before)
		if strings.Trim(w, "0123456789") != "" || len(w) > 4 || (c != '=' && c != ',' && c != '(') || first(after) == '.' || r.IntN(2) == 0 {
			return w
		}
		if c == '=' && quote(first(after)) {
			return w
		}
		return one(r, "("+w+")", "0"+w, "00"+w)
	})
}
