package process

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestListens(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	address := s.Listener.Addr().String()
	if err := Listens(address)(); err != nil {
		t.Error(err)
	}
	if err := Answers(address, 0)(); err != nil {
		t.Error(err)
	}
	if err := Answers(address, http.StatusNotFound)(); err == nil {
		t.Error("404 is not yet an answer")
	}
	s.Close()
	if Listens(address)() == nil || Answers(address, 0)() == nil {
		t.Error("nobody listens")
	}
	if Port(t, Address(t)) == "0" {
		t.Error("no port was chosen")
	}
}
