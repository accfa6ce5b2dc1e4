package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"log/slog"
	"mime"
	"net/http"
	"path"
)

//go:embed templates static
var files embed.FS

// templates are the pages by name, each with the frame around it.
var templates = func() map[string]*template.Template {
	frame := template.Must(template.New("frame.html").Funcs(functions).ParseFS(files, "templates/frame.html", "templates/parts.html"))
	out := make(map[string]*template.Template)
	for _, name := range []string{"login", "overview", "events", "event", "learning", "asset", "endpoint", "suggestions", "audit", "problem"} {
		out[name] = template.Must(template.Must(frame.Clone()).ParseFS(files, "templates/"+name+".html"))
	}
	return out
}()

// style is the path of the style sheet; it changes with its content.
var style = func() string {
	data, err := files.ReadFile("static/console.css")
	if err != nil {
		panic(err) // it is embedded
	}
	sum := sha256.Sum256(data)
	return Root + "static/console.css?v=" + hex.EncodeToString(sum[:6])
}()

// static serves the style sheet and the icon.
func static(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	data, err := files.ReadFile("static/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Header().Set("Cache-Control", "max-age=86400")
	_, _ = w.Write(data) // a browser that has gone needs no answer
}

// visit is one request for a page.
type visit struct {
	c       *Console
	w       http.ResponseWriter
	r       *http.Request
	session *session // nil when nobody is signed in
}

// frame is what every page has around it.
type frame struct {
	Title, Page, Style string
	Root               string
	// Who is signed in, "" if nobody is; CSRF is the secret for forms.
	Who, CSRF string
	Note      *note
	// Refresh is after how many seconds the page comes again, 0 for never.
	Refresh int
	Body    any
}

// show answers with a page.
func (v *visit) show(status int, name, title string, body any) { v.live(status, name, title, body, 0) }

// live is show for a page that comes again by itself.
func (v *visit) live(status int, name, title string, body any, refresh int) {
	f := frame{Title: title, Page: name, Style: style, Root: Root, Refresh: refresh, Body: body}
	if v.session != nil {
		f.Who, f.CSRF, f.Note = v.session.who, v.session.secret, v.c.sessions.told(v.session)
	}
	var out bytes.Buffer
	if err := templates[name].Execute(&out, &f); err != nil {
		v.c.cfg.Log.Error("console: make a page", slog.String("page", name), slog.Any("error", err))
		http.Error(v.w, "The page could not be made.", http.StatusInternalServerError)
		return
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(out.Bytes()) // a browser that has gone needs no answer
}

// fail answers with what went wrong.
func (v *visit) fail(status int, text string) {
	v.show(status, "problem", http.StatusText(status), text)
}

// failed answers with an error of the interface.
func (v *visit) failed(err error) {
	status, text := statusOf(err)
	if missing(err) {
		text = "This sidecar does not learn. It does with --store or --nats-url."
	}
	v.fail(status, text)
}

// done goes on to a page after a form, with a note of what became of it.
func (v *visit) done(to, text string, err error) {
	n := note{Text: text}
	if err != nil {
		_, n.Text = statusOf(err)
		n.Bad = true
	}
	v.c.sessions.tell(v.session, n)
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
}
