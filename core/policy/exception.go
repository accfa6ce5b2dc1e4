package policy

// The actions of exceptions. Where several exceptions match, the first of the
// action that comes first here counts.
const (
	// ActionBlock refuses the request, whatever else there is.
	ActionBlock = "block"
	// ActionAllow lets the request pass, whatever else there is.
	ActionAllow = "allow"
	// ActionSkip leaves this evidence out; other evidence still decides.
	ActionSkip = "skip"
	// ActionLogOnly reports this evidence but does not block for it.
	ActionLogOnly = "log-only"
)

// Exception says what is done about some evidence or some requests. All its
// conditions must hold; of a list one entry suffices. At least one condition
// is required.
type Exception struct {
	// Name of the exception in events and counters, unique.
	ID string `json:"id,omitempty" required:"true" example:"editor-html"`
	// skip leaves the evidence out, allow passes and block refuses the request, log-only reports without blocking.
	Action string `json:"action,omitempty" oneof:"skip allow block log-only" default:"skip"`
	// Names of assets; default is the name of what belongs to none.
	Assets []string `json:"assets,omitempty" example:"shop"`
	// Paths, whole: * is any part of one segment, ** anything. The path must match as sent and also with escapes and dots resolved; a slash at the end is of no account.
	Paths []string `json:"paths,omitempty" example:"/cms/articles/*"`
	// Methods as on the wire.
	Methods []string `json:"methods,omitempty" example:"POST"`
	// Places of the evidence as events name them: * is any part of one step, ** anything. A decode chain (#base64) counts only if the pattern has one.
	Locations []string `json:"locations,omitempty" example:"body.form.comment"`
	// Places in a JSON body, in the syntax of gjson: user.bio, items.#.name, user.*; a dot in a key is \\. Together with locations one of all suffices.
	JSONPaths []string `json:"jsonPaths,omitempty" example:"items.#.text"`
	// Families of attack.
	Families []string `json:"families,omitempty" oneof:"sqli xss cmdi traversal ssrf template code xxe nosqli ldap deserialization protocol scanner" example:"xss"`
	// Features of the model that must be among the heaviest of the finding, as events name them.
	Indicators []string `json:"indicators,omitempty" example:"<script"`
	// Addresses, networks or names of addressLists that the request came from.
	Sources []string `json:"sources,omitempty" example:"192.0.2.0/24"`
	// Headers that the request must have.
	Headers []HeaderValue `json:"headers,omitempty"`
	// Regular expression (RE2) for the whole of the value that holds the evidence; values longer than 4096 bytes never match.
	Value string `json:"value,omitempty" example:"[A-Za-z ']{1,80}"`
	// Who answers for it.
	Owner string `json:"owner,omitempty" example:"team-cms"`
	// Why it is there.
	Reason string `json:"reason,omitempty" example:"editors write HTML"`
	// Day (in UTC, included) or time (RFC 3339) after which it no longer holds.
	Expires string `json:"expires,omitempty" example:"2027-03-31"`
}
