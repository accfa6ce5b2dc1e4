package events

import (
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/gateway"
)

// ActionNotice is the "event.action" of what is no verdict: something about a
// process of Glacis that its operator should know.
const ActionNotice = "notice"

// NoticeModelUpdate says that the configured registry has a newer model.
const NoticeModelUpdate = "model_update"

// maxNotice bounds each text of a notice, in bytes.
const maxNotice = 500

// Notice is the record of something that an operator should know of.
type Notice struct {
	// Kind is one of the constants above, Gateway the process ("glacis/sidecar"),
	// Message a sentence for people.
	Kind, Gateway, Message string
	// Model is the model in force, Update the newer one.
	Model, Update string
}

// noticeLine is the form of a notice on the line; its members are part of the
// schema.
type noticeLine struct {
	Version int    `json:"event.version"`
	Time    string `json:"@timestamp"`
	ID      string `json:"event.id"`
	Action  string `json:"event.action"`
	Gateway string `json:"observer.name,omitempty"`
	Kind    string `json:"glacis.notice"`
	Message string `json:"message,omitempty"`
	Model   string `json:"glacis.model,omitempty"`
	Update  string `json:"glacis.update,omitempty"`
}

// Line is the notice as an event line without the line end, with a fresh id.
// Texts are cut to 500 bytes.
func (n *Notice) Line(now time.Time) []byte {
	id := make([]byte, 16)
	rand.Read(id) // never fails
	text := func(s string) string { return strings.ToValidUTF8(gateway.Clip(s, maxNotice), "\ufffd") }
	line, err := json.Marshal(noticeLine{Version: gateway.EventVersion, Time: now.UTC().Format(TimeFormat), ID: gateway.HexID(id), Action: ActionNotice,
		Gateway: text(n.Gateway), Kind: n.Kind, Message: text(n.Message), Model: text(n.Model), Update: text(n.Update)})
	if err != nil {
		return nil // strings and a number cannot fail
	}
	return line
}
