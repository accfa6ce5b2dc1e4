package conformance

// file is one file of cases, cases/*.yaml.
type file struct {
	// Group is the row of the table that its cases count in.
	Group string `yaml:"group"`
	// About says in a sentence what the group is about.
	About string `yaml:"about"`
	// Policy names the policy of all its cases.
	Policy string `yaml:"policy"`
	// In, Family and Action hold for all payloads that do not say otherwise.
	In     []string `yaml:"in"`
	Family string   `yaml:"family"`
	Action Action   `yaml:"action"`
	// Payloads are texts, each of which makes a case in each of several places.
	Payloads []payload `yaml:"payloads"`
	// Cases are single requests.
	Cases []entry `yaml:"cases"`
}

// payload is a text with the places where it is put; see places.go.
type payload struct {
	ID     string   `yaml:"id"`
	Reason string   `yaml:"reason"`
	Text   string   `yaml:"text"`
	In     []string `yaml:"in"`
	// NotIn takes places off the file's.
	NotIn  []string `yaml:"not_in"`
	Family string   `yaml:"family"`
	Action Action   `yaml:"action"`
	// Miss says why the engine lets this attack pass, by place or for "all".
	Miss map[string]string `yaml:"miss"`
}

// entry is one case as written.
type entry struct {
	ID      string   `yaml:"id"`
	Reason  string   `yaml:"reason"`
	Request *request `yaml:"request"`
	// Raw is the message byte for byte; {id} stands for the request id and
	// {headers} for the lines Host, X-Request-Id and X-Conformance-Id.
	Raw    string `yaml:"raw"`
	Writes []int  `yaml:"writes"`
	// Unfinished: the client hangs up at the end of what is written.
	Unfinished bool   `yaml:"unfinished"`
	Expect     Expect `yaml:"expect"`
}

// request is a request in fields. The method defaults to GET, or POST with a
// body; the target to /.
type request struct {
	Method   string   `yaml:"method"`
	Target   string   `yaml:"target"`
	Headers  []string `yaml:"headers"` // "Name: value"
	Type     string   `yaml:"type"`    // short for a Content-Type header
	Body     string   `yaml:"body"`
	Parts    []part   `yaml:"parts"` // instead of Body
	Chunks   []int    `yaml:"chunks"`
	Trailers []string `yaml:"trailers"`
	Writes   []int    `yaml:"writes"`
	HTTP2    bool     `yaml:"http2"`
	// Repeat makes header or parameter lists without writing them out: Headers
	// and Target get their {n} replaced by 1…N and are then joined.
	Many many `yaml:"many"`
}

// many adds N headers or query parameters, with {n} in the text counting up.
type many struct {
	N      int    `yaml:"n"`
	Header string `yaml:"header"`
	Query  string `yaml:"query"`
}

// part is a piece of a body; exactly one of its forms is set.
type part struct {
	Text   string `yaml:"text"`
	Repeat string `yaml:"repeat"` // this text, again and again, Bytes in all
	Random bool   `yaml:"random"` // Bytes of noise, always the same
	Bytes  int    `yaml:"bytes"`
	Hex    string `yaml:"hex"`
	Gzip   []part `yaml:"gzip"`
	Zlib   []part `yaml:"zlib"`
	Base64 []part `yaml:"base64"`
}
