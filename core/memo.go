package core

const (
	memoSlots = 32
	memoText  = 160
)

// memo remembers header lines that were clean when this transaction object last
// saw them. Clients send the same User-Agent, Accept and Sec-Fetch lines with
// every request, and what a line scores depends on nothing but its bytes, so a
// line that is equal byte for byte need not be walked again. Only lines that
// every browser sends are kept, never credentials or cookies; nothing is
// exempt: a line that differs in one byte is inspected.
type memo struct {
	slot [memoSlots]memoLine
}

// memoLine is a line and what it cost: its best score below every threshold,
// the values and decoded bytes it counts for.
type memoLine struct {
	text    [memoText]byte
	name    uint8
	size    uint8
	score   uint8
	values  uint16
	decoded uint16
}

// find returns the slot of a line, and whether that line is in it; nil for
// lines that are not kept.
func (m *memo) find(name, value string) (*memoLine, bool) {
	if len(value) == 0 || len(name)+len(value) > memoText || !memorable(name) {
		return nil, false
	}
	h := len(value)*5 + len(name)*11 + int(name[len(name)-1])*3 + int(value[len(value)-1]) + int(value[len(value)/2])*7
	e := &m.slot[h%memoSlots]
	n := int(e.name)
	return e, int(e.size) == n+len(value) && n == len(name) &&
		string(e.text[:n]) == name && string(e.text[n:e.size]) == value
}

// set fills the slot.
func (e *memoLine) set(name, value string, score, values, decoded int) {
	n := copy(e.text[:], name)
	copy(e.text[n:], value)
	e.name = uint8(n)
	e.size = uint8(n + len(value))
	e.score, e.values, e.decoded = uint8(score), uint16(values), uint16(decoded)
}

// memorable reports whether a header is one that clients repeat and that holds
// no secret. Only the spellings that clients use count.
func memorable(name string) bool {
	switch name {
	case "User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Connection", "Host", "Origin",
		"Cache-Control", "Pragma", "DNT", "TE", "Upgrade-Insecure-Requests", "Sec-Fetch-Site",
		"Sec-Fetch-Mode", "Sec-Fetch-User", "Sec-Fetch-Dest", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform",
		"user-agent", "accept", "accept-language", "accept-encoding", "connection", "host", "origin",
		"cache-control", "pragma", "dnt", "te", "upgrade-insecure-requests", "sec-fetch-site",
		"sec-fetch-mode", "sec-fetch-user", "sec-fetch-dest", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform",
		"priority", "Priority", "sec-gpc", "Sec-GPC":
		return true
	}
	return false
}
