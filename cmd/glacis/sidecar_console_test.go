package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
)

// TestSidecarConsole signs in to a real sidecar as a browser does.
func TestSidecarConsole(t *testing.T) {
	addresses, _ := startSidecar(t, "--store", t.TempDir(), "--token-file", tokenFile(t, testAgents), "--operator-token-file", tokenFile(t, testOperators))
	base := "http://" + addresses[0]
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	read := func(res *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.Status + " " + string(text)
	}
	if text := read(browser.Get(base + "/console")); !strings.HasPrefix(text, "200") || !strings.Contains(text, "Operators&#39; token") && !strings.Contains(text, "Operators' token") {
		t.Error(text)
	}
	login := func(token string) string {
		return read(browser.PostForm(base+"/console/login", url.Values{"who": {"Anna"}, "token": {token}}))
	}
	if text := login(testAgents); !strings.HasPrefix(text, "403") {
		t.Error(text)
	}
	if text := login(testOperators); !strings.HasPrefix(text, "200") || !strings.Contains(text, "This sidecar") || !strings.Contains(text, "Nothing needs attention") {
		t.Error(text)
	}
	if text := read(http.Get(base + "/console/events")); !strings.Contains(text, "Sign in") {
		t.Error("without a cookie:", text)
	}
}

// TestNoConsole turns it off.
func TestNoConsole(t *testing.T) {
	addresses, _ := startSidecar(t, "--console=false")
	res, err := http.Get("http://" + addresses[0] + "/console/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNotFound {
		t.Error(res.Status)
	}
}
