package console

import (
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxName is how long the name of an operator may be, in characters.
const maxName = 64

// loginPage is the sign-in form.
type loginPage struct {
	// Certificate is the name in the browser's certificate, "" without one.
	Certificate string
	// Token says that one is wanted.
	Token   bool
	Who     string
	Problem string
}

func (c *Console) loginPage(r *http.Request) loginPage {
	return loginPage{Certificate: certificateName(r), Token: c.cfg.Tokens.Required()}
}

// certificateName is the name in the client's certificate.
func certificateName(r *http.Request) string {
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		return r.TLS.PeerCertificates[0].Subject.CommonName
	}
	return ""
}

// loginForm shows the form.
func (c *Console) loginForm(w http.ResponseWriter, r *http.Request) {
	v := &visit{c: c, w: w, r: r}
	if c.sessions.of(r) != nil {
		http.Redirect(w, r, Root, http.StatusSeeOther)
		return
	}
	v.show(http.StatusOK, "login", "Sign in", c.loginPage(r))
}

// login begins a session for who knows an operator's token. A wrong one is not
// slowed down: tokens have at least 16 characters, and the interface beside the
// console takes guesses as well.
func (c *Console) login(w http.ResponseWriter, r *http.Request) {
	v, page := &visit{c: c, w: w, r: r}, c.loginPage(r)
	again := func(status int, problem string) {
		page.Problem = problem
		v.show(status, "login", "Sign in", page)
	}
	if err := r.ParseForm(); err != nil {
		again(http.StatusBadRequest, "The form could not be read.")
		return
	}
	page.Who = strings.TrimSpace(r.PostForm.Get("who"))
	if page.Certificate != "" {
		page.Who = page.Certificate
	}
	if page.Token && !c.cfg.Tokens.Operator(strings.TrimSpace(r.PostForm.Get("token"))) {
		c.cfg.Log.Warn("console: sign-in refused", slog.String("peer", r.RemoteAddr))
		again(http.StatusForbidden, "This is not an operator's token.")
		return
	}
	if !plainName(page.Who) {
		again(http.StatusBadRequest, "A name has 1 to 64 characters.")
		return
	}
	c.sessions.end(r)
	http.SetCookie(w, c.sessions.begin(page.Who, r.TLS != nil))
	c.cfg.Log.Info("console: signed in", slog.String("who", page.Who), slog.String("peer", r.RemoteAddr))
	http.Redirect(w, r, Root, http.StatusSeeOther)
}

// plainName reports whether a name is fit for an audit trail.
func plainName(s string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxName && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// logout ends the session.
func (c *Console) logout(v *visit) {
	c.sessions.end(v.r)
	http.SetCookie(v.w, &http.Cookie{Name: cookieName, Path: Root, Expires: time.Unix(1, 0), MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	http.Redirect(v.w, v.r, Root+"login", http.StatusSeeOther)
}
