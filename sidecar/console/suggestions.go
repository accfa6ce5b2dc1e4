package console

import (
	"net/http"
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/sidecar/learn"
)

// maxDays is for how long a decision may be made with an end.
const maxDays = 3650

// suggestionsPage is what is left to settle.
type suggestionsPage struct{ Suggestions []learn.Suggestion }

// suggestions lists what an operator may want to settle.
func (c *Console) suggestions(v *visit) {
	var p suggestionsPage
	if err := c.client.get(v.r, "/v1/learning/suggestions", nil, &p); err != nil {
		v.failed(err)
		return
	}
	v.show(http.StatusOK, "suggestions", "Suggestions", &p)
}

// settle confirms or dismisses the indicators of a suggestion, as glacis learn
// suggestions accept does.
func (c *Console) settle(v *visit) {
	form := v.r.PostForm
	d := learn.Decision{Action: form.Get("action"), Who: v.session.who, Why: form.Get("why")}
	if text := form.Get("days"); text != "" {
		days, err := strconv.Atoi(text)
		if err != nil || days < 1 || days > maxDays {
			v.done(link("suggestions"), "", &apiError{http.StatusBadRequest, "Days: want a number from 1 to 3650, or nothing for ever."})
			return
		}
		d.Expires = c.cfg.Now().Add(time.Duration(days) * 24 * time.Hour).Unix()
	}
	var all suggestionsPage
	if err := c.client.get(v.r, "/v1/learning/suggestions", nil, &all); err != nil {
		v.done(link("suggestions"), "", err)
		return
	}
	for _, s := range all.Suggestions {
		if s.ID != form.Get("id") {
			continue
		}
		for _, d := range s.Settle(d) {
			if err := c.client.post(v.r, "/v1/learning/decisions", &d); err != nil {
				v.done(link("suggestions"), "", err)
				return
			}
		}
		said := "Dismissed: " + s.ID + " is off the list, verdicts stay as they are."
		if d.Action == learn.Confirm {
			said = "Accepted: from the next window on the indicators of " + s.ID + " are discounted there."
		}
		v.done(link("suggestions"), said, nil)
		return
	}
	v.done(link("suggestions"), "", &apiError{http.StatusNotFound, "This suggestion is gone: somebody has settled it, or its evidence went."})
}
