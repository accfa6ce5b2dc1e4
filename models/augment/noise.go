package augment

import (
	"math/rand/v2"
	"strings"
)

// Noise returns honest text with an attack's vocabulary: the words of benign with
// single tokens of an attack strewn in, as often as they are given, in random
// order, never two of them next to each other, each at most twelve bytes long.
// What makes an attack is the order of its tokens, so the result is none; it
// teaches a model not to count words.
//
// Tokens that would be an attack by themselves are left out: those that hold a
// quote, a bracket, an angle bracket, or more than one punctuation character.
// With no usable token the text is returned as it is. Text of n words takes at
// most n+1 tokens.
func Noise(r *rand.Rand, benign string, attackTokens []string) string {
	text := strings.Fields(benign)
	var tokens []string
	for _, t := range attackTokens {
		if harmless(t) {
			tokens = append(tokens, t)
		}
	}
	if len(tokens) == 0 || len(text) == 0 {
		return benign
	}
	r.Shuffle(len(tokens), func(i, j int) { tokens[i], tokens[j] = tokens[j], tokens[i] })
	if len(tokens) > len(text)+1 {
		tokens = tokens[:len(text)+1]
	}
	slots := r.Perm(len(text) + 1)[:len(tokens)] // in front of which word, len(text) is the end
	at := make(map[int]string, len(slots))
	for i, s := range slots {
		at[s] = tokens[i]
	}
	var out []string
	for i := 0; i <= len(text); i++ {
		if t, ok := at[i]; ok {
			out = append(out, t)
		}
		if i < len(text) {
			out = append(out, text[i])
		}
	}
	return strings.Join(out, " ")
}

func harmless(token string) bool {
	if token == "" || len(token) > 12 || strings.ContainsAny(token, "'\"`<>(){}[]%\\/ \t\r\n") {
		return false
	}
	punctuation := 0
	for i := range len(token) {
		if !wordByte(token[i]) && token[i] < 0x80 {
			punctuation++
		}
	}
	return punctuation <= 1
}
