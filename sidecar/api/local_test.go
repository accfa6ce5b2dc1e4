package api

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestLocal(t *testing.T) {
	l := Local{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/none" {
			return
		}
		w.Header().Set("A", r.RequestURI)
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write(body)
	})}
	client := http.Client{Transport: l}
	res, err := client.Post("http://self/x?y=1", "text/plain", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "body" || res.StatusCode != http.StatusAccepted || res.Header.Get("A") != "/x?y=1" {
		t.Errorf("%s %v %s", body, res, err)
	}
	if res, err := client.Get("http://self/none"); err != nil || res.StatusCode != http.StatusOK {
		t.Error(res, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, _ := http.NewRequestWithContext(ctx, "GET", "http://self/", nil)
	if _, err := client.Do(req); err == nil {
		t.Error("a call that was given up succeeds")
	}
}
