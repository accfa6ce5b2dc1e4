package openappsec

import (
	"strings"

	core "github.com/glacis-waf/glacis/core/policy"
)

// response converts the custom response of a rule and returns its name.
func (c *converter) response(r *rule) string {
	if r.response == "" {
		return ""
	}
	o := c.find(r, "CustomResponse", "customResponse", []string{r.response}, false)
	if o == nil {
		return ""
	}
	for i := range c.doc.Responses {
		if c.doc.Responses[i].Name == r.response {
			return r.response
		}
	}
	c.class(o)
	out := core.Response{Name: r.response, Status: o.number("httpResponseCode")}
	title, body := o.text("messageTitle"), o.text("messageBody")
	redirect, id := o.text("redirectUrl"), o.flag("redirectAddXEventId")
	mode := o.text("mode")
	switch mode {
	case "redirect":
		out.Status, out.Redirect = 307, redirect
		if id {
			separator := "?"
			if strings.Contains(redirect, "?") {
				separator = "&"
			}
			out.Redirect += separator + "x-event-id={id}"
		}
	case "block-page":
		out.Page = "<!doctype html><title>" + title + "</title><h1>" + title + "</h1><p>" + body + "</p><p>{id}</p>"
	case "response-code-only", "":
		at := o.get("mode")
		if at == nil {
			at = o.node
		}
		o.note(at, o.key("mode"), "an answer without a text is not supported: the built-in one goes with the code, it says no more than the request id", false)
	default:
		o.note(o.get("mode"), o.key("mode"), "want block-page, redirect or response-code-only", true)
	}
	if out.Status > 0 && out.Status < 300 {
		o.note(o.get("httpResponseCode"), o.key("httpResponseCode"), "not supported, because a refused request must not look like a success", false)
		out.Status = 0
	}
	for _, key := range []struct{ mode, name string }{{"block-page", "messageTitle"}, {"block-page", "messageBody"},
		{"redirect", "redirectUrl"}, {"redirect", "redirectAddXEventId"}} {
		if mode != key.mode {
			o.refuse("it has an effect in mode "+key.mode+" only", key.name)
		}
	}
	if mode == "redirect" {
		o.refuse("a redirect is sent with 307", "httpResponseCode")
	}
	o.end("mode", "httpResponseCode", "messageTitle", "messageBody", "redirectUrl", "redirectAddXEventId")
	c.doc.Responses = append(c.doc.Responses, out)
	return r.response
}
