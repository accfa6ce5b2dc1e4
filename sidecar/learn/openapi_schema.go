package learn

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/glacis-waf/glacis/core/profile"
)

// kindsSchema describes a variable of a path by its kinds: any of them.
func kindsSchema(kinds []string) *openapi3.Schema {
	var choices []*openapi3.Schema
	plain := false
	for _, kind := range kinds {
		switch kind {
		case "number":
			choices = append(choices, openapi3.NewIntegerSchema())
		case "uuid":
			choices = append(choices, openapi3.NewUUIDSchema())
		case "date":
			choices = append(choices, openapi3.NewStringSchema().WithFormat("date"))
		case "hex":
			choices = append(choices, openapi3.NewStringSchema().WithPattern("^[0-9A-Fa-f]{8,}$"))
		default:
			plain = true
		}
	}
	if plain {
		choices = append(choices, openapi3.NewStringSchema())
	}
	if len(choices) == 1 {
		return choices[0]
	}
	return openapi3.NewAnyOfSchema(choices...)
}

// cookieName tells the name of a cookie by its location.
func cookieName(location string) (string, bool) {
	name, ok := strings.CutPrefix(location, "cookie.")
	return name, ok && name != ""
}

// described is the schema of a parameter, with a hint where its name looks
// sensitive. The entries are of the same location at endpoints of one operation.
func described(location string, entries ...*entry) *openapi3.Schema {
	types := uint64(0)
	for _, t := range entries {
		for i := range t.periods {
			types |= set(t.periods[i].types[:], admission)
		}
	}
	schema := typesSchema(types)
	if reason := sensitive(location); reason != "" {
		schema.Extensions = map[string]any{"x-glacis-sensitive": reason}
	}
	return schema
}

// typesSchema describes a parameter by the types (bits) that enough sources
// sent.
func typesSchema(types uint64) *openapi3.Schema {
	only := func(all ...profile.Type) bool {
		rest := types
		for _, x := range all {
			rest &^= 1 << x
		}
		return types != 0 && rest == 0
	}
	switch {
	case only(profile.Int):
		return openapi3.NewIntegerSchema()
	case only(profile.Int, profile.Float):
		return openapi3.NewFloat64Schema()
	case only(profile.UUIDValue):
		return openapi3.NewUUIDSchema()
	case only(profile.Date):
		return openapi3.NewStringSchema().WithFormat("date")
	case only(profile.Email):
		return openapi3.NewStringSchema().WithFormat("email")
	case only(profile.URL):
		return openapi3.NewStringSchema().WithFormat("uri")
	}
	return openapi3.NewStringSchema()
}

// sensitive says why a parameter's name looks as if its values were secret or
// personal, "" if it does not. It is a hint from the name alone.
func sensitive(location string) string {
	name := strings.ToLower(location[strings.LastIndexByte(location, '.')+1:])
	for _, s := range []struct{ part, reason string }{
		{"passw", "credential"}, {"pwd", "credential"}, {"secret", "credential"}, {"token", "credential"}, {"apikey", "credential"}, {"api_key", "credential"},
		{"session", "credential"}, {"auth", "credential"}, {"pin", "credential"}, {"otp", "credential"}, {"card", "payment"}, {"cvv", "payment"}, {"cvc", "payment"}, {"iban", "payment"}, {"account", "payment"},
		{"mail", "personal"}, {"phone", "personal"}, {"birth", "personal"}, {"ssn", "personal"}, {"dni", "personal"}, {"address", "personal"}, {"surname", "personal"}, {"lastname", "personal"}, {"firstname", "personal"},
	} {
		if len(s.part) <= 3 && name == s.part || len(s.part) > 3 && strings.Contains(name, s.part) {
			return s.reason
		}
	}
	return ""
}
