package kong

import (
	"strconv"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// Field is one setting of the plugin. The table of fields is the only place
// that knows them: the schema that Kong checks, the parser and the
// documentation come from it.
type Field struct {
	// Name is the key below config, in snake case as Kong writes keys.
	Name string
	// Type is Kong's: "string", "integer" or "boolean".
	Type string
	// Default is what Kong fills in: a string, an int64 or a bool; nil for a
	// setting that may be absent, a string of any text.
	Default any
	// OneOf lists the allowed strings, if they are few.
	OneOf []string
	// Min and Max bound an integer when Max is not 0.
	Min, Max int64
	// About says what the setting does, for documentation and schema.
	About string
}

// Bounds of the integer settings.
const (
	maxBodyLimit     = 1 << 30
	defaultDeadline  = 50
	maxDeadline      = 30000
	defaultIDHeader  = "X-Request-Id"
	headerNameLength = 64
)

// Fields returns the settings in the order of the documentation.
func Fields() []Field {
	return []Field{
		{Name: "mode", Type: "string", Default: gateway.Prevent, OneOf: []string{gateway.Prevent, gateway.Detect, gateway.Off},
			About: "prevent refuses what looks like an attack, detect only reports it and never alters traffic, off inspects nothing."},
		{Name: "confidence", Type: "string", Default: core.ConfidenceHigh.Name(), OneOf: []string{"medium", "high", "critical"},
			About: "The level from which a request is blocked; critical blocks least."},
		{Name: "fail_mode", Type: "string", Default: gateway.Open, OneOf: []string{gateway.Open, gateway.Closed},
			About: "What becomes of a request that could not be inspected in mode prevent: open lets it through, closed answers 503."},
		{Name: "max_body_bytes", Type: "integer", Default: core.DefaultLimits().BodyBytes, Min: 1, Max: maxBodyLimit,
			About: "How much of a body is inspected. The rest passes and is counted in the event."},
		{Name: "request_id_header", Type: "string", Default: defaultIDHeader,
			About: "The header that carries the request id. A client's id is kept when it is 8 to 128 letters, digits, '.', '_' and '-'."},
		{Name: "log", Type: "string", Default: gateway.LogFindings, OneOf: []string{gateway.LogBlocked, gateway.LogFindings, gateway.LogAll, gateway.LogOff},
			About: "Which requests are reported: those that were or would have been refused, also weaker findings, every request, none."},
		{Name: "policy", Type: "string",
			About: "A policy inline, as YAML or JSON in one string, with the keys of docs/policy.md. Without it every request is treated alike."},
		{Name: "policy_file", Type: "string",
			About: "A policy, a file or a folder on the machine of the plugin server, instead of policy. It is read again when it changes. The word sidecar stands for the policy of the process's sidecar."},
		{Name: "model", Type: "string",
			About: "The model of this plugin instead of the process's: a file, a folder of installed models, or the word sidecar for that of the process's sidecar. It must be signed with a key that the process trusts, and is read again when it changes."},
		{Name: "deadline_ms", Type: "integer", Default: int64(defaultDeadline), Min: 1, Max: maxDeadline,
			About: "Milliseconds that the inspection of a request may take, granted once more for every started MiB of its body. Waiting for the client's body does not count."},
		{Name: "cache", Type: "boolean", Default: false,
			About: "Whether verdicts on requests that come again are remembered, if they have no body or one of at most 32 KiB. It saves a few microseconds on what comes again and costs a few on what does not."},
	}
}

// defaultText is the default as JSON and Lua both write it.
func (f *Field) defaultText() string {
	switch d := f.Default.(type) {
	case int64:
		return strconv.FormatInt(d, 10)
	case bool:
		return strconv.FormatBool(d)
	case string:
		return strconv.Quote(d)
	}
	return ""
}
