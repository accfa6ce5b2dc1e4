package kong

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/gateway"
)

// Settings are the configuration of one Kong plugin entity.
type Settings struct {
	gateway.Settings
	// Policy is a policy, YAML or JSON; PolicyFile is where one lies.
	Policy, PolicyFile string
	// Model is where this entity's model comes from, "" for the process's.
	Model string
	// Deadline bounds an inspection, see the field deadline_ms.
	Deadline time.Duration
	// Cache says whether verdicts may be remembered.
	Cache bool
}

// foreign are keys that Kong adds to a configuration, besides those that begin
// with two underscores.
var foreign = []string{"route_id", "service_id", "consumer_id", "consumer_group_id", "plugin_id", "ws_id"}

// ParseSettings reads the configuration that Kong hands over: the user's
// settings as a JSON object, plus Kong's own keys. Unset and null settings take
// their defaults. An error names the setting; the Settings that come with it
// hold what could be read, and FailMode is closed when the one that was meant
// is not known.
func ParseSettings(config []byte) (Settings, error) {
	values := map[string]any{}
	for _, f := range Fields() {
		values[f.Name] = f.Default
	}
	var given map[string]any
	err := json.Unmarshal(config, &given)
	if err != nil {
		err = fmt.Errorf("config: not a JSON object: %w", err)
		values["fail_mode"] = gateway.Closed
	}
	names := make([]string, 0, len(given))
	for name := range given {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if given[name] == nil || strings.HasPrefix(name, "__") || slices.Contains(foreign, name) {
			continue
		}
		value, bad := check(name, given[name])
		if bad == nil {
			values[name] = value
			continue
		}
		err = errors.Join(err, bad)
		if name == "fail_mode" || given["fail_mode"] == nil {
			values["fail_mode"] = gateway.Closed
		}
	}
	return makeSettings(values), err
}

func makeSettings(values map[string]any) Settings {
	text := func(name string) string { s, _ := values[name].(string); return s }
	number := func(name string) int64 { n, _ := values[name].(int64); return n }
	cache, _ := values["cache"].(bool)
	return Settings{
		Settings: gateway.Settings{Mode: text("mode"), Confidence: text("confidence"), FailMode: text("fail_mode"),
			MaxBodyBytes: number("max_body_bytes"), RequestIDHeader: text("request_id_header"), Log: text("log")},
		Policy: text("policy"), PolicyFile: text("policy_file"), Model: text("model"),
		Deadline: time.Duration(number("deadline_ms")) * time.Millisecond,
		Cache:    cache,
	}
}

// check converts one value of decoded JSON to the type of its field.
func check(name string, given any) (any, error) {
	fields := Fields()
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return nil, unknown(name, fields)
	}
	f := &fields[i]
	switch v := given.(type) {
	case bool:
		if f.Type == "boolean" {
			return v, nil
		}
	case float64:
		if f.Type != "integer" {
			break
		}
		if v != math.Trunc(v) || v < float64(f.Min) || v > float64(f.Max) {
			return nil, fmt.Errorf("%s: %v: want an integer from %d to %d", name, v, f.Min, f.Max)
		}
		return int64(v), nil
	case string:
		if f.Type != "string" {
			break
		}
		if len(f.OneOf) > 0 && !slices.Contains(f.OneOf, v) {
			return nil, fmt.Errorf("%s: %q: want one of %s", name, v, strings.Join(f.OneOf, ", "))
		}
		if len(f.OneOf) == 0 && f.Default != nil && !isHeaderName(v) {
			return nil, fmt.Errorf("%s: %q: want a header name of at most %d characters", name, v, headerNameLength)
		}
		return v, nil
	}
	return nil, fmt.Errorf("%s: want a value of type %s", name, f.Type)
}

func unknown(name string, fields []Field) error {
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
	}
	return fmt.Errorf("%s: unknown setting%s", name, gateway.Suggest(name, names))
}

// isHeaderName reports whether s is a token (RFC 9110, section 5.6.2).
func isHeaderName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"(),/:;<=>?@[\\]{}", c) >= 0 {
			return false
		}
	}
	return s != "" && len(s) <= headerNameLength
}

// pluginID returns Kong's id of the plugin entity for messages.
func pluginID(config string) string {
	var c struct {
		ID string `json:"__plugin_id"`
	}
	if json.Unmarshal([]byte(config), &c) != nil || c.ID == "" {
		return "(unknown)"
	}
	return c.ID
}
