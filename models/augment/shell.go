package augment

import (
	"math/rand/v2"
	"strings"
)

var cmdOnly = []string{"cmdi"}

var unixCommands = set("cat id whoami uname ls curl wget ping nslookup sleep echo head tail nc bash sh env hostname pwd ps netstat touch rm chmod find grep dig host base64 xxd od tac more less python3 perl awk sed printenv ifconfig")

var shellMutations = []Mutation{
	{"shell.splice", "empty quotes, a backslash or an unset parameter inside a word vanish when a POSIX shell expands it", Syntax, cmdOnly, shellSplice},
	{"shell.blank", "an unquoted $IFS or a tab splits words as a blank does (POSIX shells)", Syntax, cmdOnly, shellBlank},
	{"shell.path", "a command is found by its full path too, and // or /./ in a path is /", Syntax, cmdOnly, shellPath},
	{"shell.separator", "a line feed ends a command as a semicolon does", Syntax, cmdOnly, shellSeparator},
	{"shell.comment", "text after an unquoted # is a comment", Syntax, cmdOnly, shellComment},
	{"shell.caret", "cmd.exe drops carets and ignores case", Syntax, cmdOnly, shellCaret},
	{"shell.redirect", "diverting the error stream does not keep a command from running", Syntax, cmdOnly, shellRedirect},
}

// quoted reports whether the value has quoting or an encoded script in which a
// rewriting of words could change something else.
func quoted(v string) bool {
	return strings.ContainsAny(v, "'\"`\\^%{") || strings.Contains(v, "base64")
}

func windows(v string) bool {
	low := strings.ToLower(v)
	return strings.Contains(low, "powershell") || strings.Contains(low, "cmd") || strings.Contains(low, `c:\`) || strings.ContainsAny(v, "\\%")
}

func shellSplice(r *rand.Rand, v string) string {
	if quoted(v) || windows(v) {
		return v
	}
	return words(v, func(before, w, after string) string {
		if !unixCommands[w] || len(w) < 2 || last(before) == '.' || last(before) == '/' || first(after) == '.' || first(after) == '=' || first(after) == '(' {
			return w
		}
		at := 1 + r.IntN(len(w)-1)
		return w[:at] + one(r, "''", `""`, `\`, "$@", "${zz}") + w[at:]
	})
}

func shellBlank(r *rand.Rand, v string) string {
	if quoted(v) || windows(v) || strings.Contains(v, "((") {
		return v
	}
	i := strings.IndexAny(v, ";|&\n`$")
	if i < 0 {
		return v
	}
	tail := strings.TrimLeft(v[i:], ";|&\n`$( ")
	lead := v[:len(v)-len(tail)]
	if cut := strings.Index(tail, "#"); cut >= 0 || strings.ContainsAny(tail, "<>[]") {
		return v
	}
	var b strings.Builder
	for i := range len(tail) {
		if tail[i] == ' ' && i > 0 && i+1 < len(tail) && (wordByte(tail[i-1])) && (wordByte(tail[i+1]) || tail[i+1] == '/' || tail[i+1] == '-') && r.IntN(3) > 0 {
			b.WriteString(one(r, "${IFS}", "$IFS$9", "\t", "  ", "$IFS$()"))
		} else {
			b.WriteByte(tail[i])
		}
	}
	return lead + b.String()
}

func shellPath(r *rand.Rand, v string) string {
	if quoted(v) || windows(v) {
		return v
	}
	switch {
	case strings.Contains(v, "/etc/"):
		return strings.Replace(v, "/etc/", one(r, "/etc//", "//etc/", "/etc/./", "/./etc/", "/etc/../etc/"), 1)
	case strings.Contains(v, "/bin/"):
		return strings.Replace(v, "/bin/", one(r, "/bin//", "//bin/", "/bin/./"), 1)
	}
	done := false
	return words(v, func(before, w, after string) string {
		if done || !set("cat ls id uname sh bash sleep ping")[w] || !strings.ContainsAny(before, ";|&\n`(") || first(after) != ' ' && after != "" || wordByte(last(strings.TrimRight(before, " "))) {
			return w
		}
		done = true
		return "/bin/" + w
	})
}

func shellSeparator(r *rand.Rand, v string) string {
	if quoted(v) || windows(v) || strings.Contains(v, ";;") || strings.Contains(v, "()") {
		return v
	}
	return strings.Replace(v, ";", one(r, "\n", ";\n", " ; ", ";\t"), 1)
}

func shellComment(r *rand.Rand, v string) string {
	if quoted(v) || windows(v) || strings.Contains(v, "#") || !letter(last(v)) || !strings.ContainsAny(v, ";|&\n") || strings.Contains(v, "$(") {
		return v
	}
	return v + " #" + one(r, "", " ") + benignText(r)
}

func shellCaret(r *rand.Rand, v string) string {
	if !windows(v) || strings.ContainsAny(v, "'\"^$") {
		return v
	}
	return words(v, func(before, w, after string) string {
		if !set("whoami ipconfig systeminfo tasklist type dir net nslookup cmd certutil powershell")[strings.ToLower(w)] || last(before) == '\\' || last(before) == '%' {
			return w
		}
		at := 1 + r.IntN(len(w)-1)
		return one(r, w[:at]+"^"+w[at:], flip(r, w))
	})
}

func shellRedirect(r *rand.Rand, v string) string {
	if quoted(v) || windows(v) || !letter(last(v)) || strings.ContainsAny(v, "<>#()") || !strings.ContainsAny(v, ";|&\n") {
		return v
	}
	return v + one(r, " 2>&1", " 2>/dev/null", " 2> /dev/null", " </dev/null")
}
