package shop

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"text/template"
	"time"
)

// serveFile sends a file without looking where it is.
func (s *Shop) serveFile(w http.ResponseWriter, path string) {
	f, err := os.Open(path)
	if err != nil {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	defer f.Close()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.Copy(w, io.LimitReader(f, 1<<20)) // a visitor who leaves is no error
}

// ping hands the host to a shell: CWE-78. The command only echoes, so that the
// demo sends nothing to anybody; what is injected really runs, for two seconds
// at most.
func (s *Shop) ping(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", "echo ping "+r.URL.Query().Get("host"))
	cmd.Dir = s.dir
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	_, _ = w.Write(out)
	if err != nil {
		_, _ = io.WriteString(w, err.Error())
	}
}

// card renders a greeting of the visitor's own as a template: CWE-1336.
func (s *Shop) card(w http.ResponseWriter, r *http.Request) {
	t, err := template.New("card").Parse("To my dear friend: " + r.URL.Query().Get("text") + "\n")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := t.Execute(w, map[string]any{"Shop": "The Leaky Outdoor Shop", "SigningKey": TemplateSecret}); err != nil {
		_, _ = io.WriteString(w, err.Error())
	}
}

// fetch gets a picture from wherever the visitor says: CWE-918. It goes no
// further than this machine.
func (s *Shop) fetch(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.URL.Query().Get("url"))
	if err != nil || u.Scheme != "http" || !loopback(u.Hostname()) {
		http.Error(w, "cannot fetch that", http.StatusBadRequest)
		return
	}
	client := http.Client{Timeout: 2 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(u.String())
	if err != nil {
		http.Error(w, "nothing there", http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	_, _ = io.Copy(w, io.LimitReader(res.Body, 1<<20))
}
