// Package console is the sidecar's web console: what its interface tells and
// takes (package api), for people with a browser.
//
// Pages are made here, without a script; every text in them may have been
// written by an attacker, so all of it goes through html/template and shown,
// and the policy of the pages (Content-Security-Policy) lets nothing else in.
// The console is a client of the interface like any other: it asks the same
// handlers within the process, so what it shows is what they answer, and what
// is changed here stands in the same audit trail.
//
// Who may call the interface as an operator may sign in, by the same token. What
// a signed-in browser has is a session: a random cookie that other sites cannot
// send (SameSite=Strict), and a second secret in every form.
package console
