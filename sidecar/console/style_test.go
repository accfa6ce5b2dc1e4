package console

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var variable = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6})`)

// luminance is WCAG 2.2's relative luminance of a color.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestContrast computes the contrast of every text on every ground that it
// stands on, light and dark: WCAG 2.2 AA wants 4.5.
func TestContrast(t *testing.T) {
	css, err := os.ReadFile("static/console.css")
	if err != nil {
		t.Fatal(err)
	}
	light, rest, _ := strings.Cut(string(css), "@media (prefers-color-scheme: dark)")
	dark, _, _ := strings.Cut(rest, "* {")
	for name, text := range map[string]string{"light": light, "dark": dark} {
		colors := map[string]string{}
		for _, m := range variable.FindAllStringSubmatch(text, -1) {
			colors[m[1]] = m[2]
		}
		for _, pair := range []string{"text ground", "text panel", "text code", "faint ground", "faint panel", "link ground", "link panel", "link code", "on-accent accent",
			"bad panel", "bad bad-ground", "bad code", "warn panel", "warn warn-ground", "good good-ground", "info info-ground"} {
			over, under, _ := strings.Cut(pair, " ")
			a, b := luminance(t, colors[over]), luminance(t, colors[under])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%s: %s: %.2f", name, pair, ratio)
			}
		}
	}
	if strings.Contains(string(css), "url(") || strings.Contains(string(css), "@import") {
		t.Error("the style sheet loads something")
	}
}

var heading = regexp.MustCompile(`<h([1-6])[ >]`)

// TestOutline checks what screen readers go by: a language, one first heading, no
// level left out, a name for every field, and a title.
func TestOutline(t *testing.T) {
	f := newFixture(t, bothTokens)
	f.login()
	f.teach(5, lesson{"/search", "query.q", "aaaaa a aaaa", 3})
	id := f.attack(sqli)
	for _, page := range []string{"", "events", "event?id=" + id, "learning", "learning/asset?name=shop", "learning/endpoint?asset=shop&method=GET&template=%2Fsearch", "suggestions", "audit"} {
		text := f.page(Root + page)
		wants(t, text, `<html lang="en">`, " · Glacis</title>", `<main id="main"`, `aria-current="page"`)
		last := 0
		for i, m := range heading.FindAllStringSubmatch(text, -1) {
			level, _ := strconv.Atoi(m[1])
			if (i == 0) != (level == 1) || level > last+1 {
				t.Errorf("%s: h%d behind h%d", page, level, last)
			}
			last = level
		}
		for _, m := range regexp.MustCompile(`<(?:input|select)[^>]*>`).FindAllString(text, -1) {
			name := regexp.MustCompile(` id="([^"]+)"`).FindStringSubmatch(m)
			if strings.Contains(m, `type="hidden"`) || name == nil && strings.Contains(text, "<label>Reason "+m) {
				continue
			}
			if name == nil || !strings.Contains(text, `<label for="`+name[1]+`">`) {
				t.Errorf("%s: %s has no label", page, m)
			}
		}
	}
}
