package shop

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// login builds its SQL by concatenation: CWE-89.
func (s *Shop) login(w http.ResponseWriter, r *http.Request) {
	var in struct{ User, Password string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "JSON wanted", http.StatusBadRequest)
		return
	}
	var name string
	query := fmt.Sprintf("select name from users where name = '%s' and password = '%s'", in.User, in.Password)
	if err := s.db.QueryRowContext(r.Context(), query).Scan(&name); err != nil {
		answer(w, http.StatusUnauthorized, map[string]string{"error": "wrong name or password"})
		return
	}
	answer(w, http.StatusOK, map[string]string{"message": "welcome back, " + name})
}

// order stores an order.
func (s *Shop) order(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Customer string `json:"customer"`
		Note     string `json:"note"`
		Items    []struct {
			Product  int `json:"product"`
			Quantity int `json:"quantity"`
		} `json:"items"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, "JSON wanted", http.StatusBadRequest)
		return
	}
	body, err := json.Marshal(in)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	res, err := s.db.ExecContext(r.Context(), "insert into orders (customer, body) values (?, ?)", in.Customer, string(body))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	id, err := res.LastInsertId()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusCreated, map[string]int64{"order": id})
}

func (s *Shop) showOrder(w http.ResponseWriter, r *http.Request) {
	var body string
	if err := s.db.QueryRowContext(r.Context(), "select body from orders where id = ?", r.PathValue("id")).Scan(&body); err != nil {
		answer(w, http.StatusNotFound, map[string]string{"error": "no such order"})
		return
	}
	answer(w, http.StatusOK, json.RawMessage(body))
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a visitor who leaves is no error
}
