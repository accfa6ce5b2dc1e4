package shop

import (
	"fmt"
	"html"
	"net/http"
	"strings"
)

// search builds its SQL by concatenation (CWE-89) and repeats the question
// unescaped (CWE-79).
func (s *Shop) search(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query().Get("q")
	var out strings.Builder
	fmt.Fprintf(&out, "<p>Results for %s:<ul>", q)
	rows, err := s.db.QueryContext(r.Context(), "select name, description from products where hidden = 0 and name like '%"+q+"%'")
	if err != nil {
		fmt.Fprintf(&out, "</ul><p>Database error: %v", err)
		page(w, "Search", out.String())
		return
	}
	defer rows.Close()
	for rows.Next() {
		var name, description any
		if err := rows.Scan(&name, &description); err != nil {
			break
		}
		fmt.Fprintf(&out, "<li>%s: %s", html.EscapeString(fmt.Sprint(name)), html.EscapeString(fmt.Sprint(description)))
	}
	page(w, "Search", out.String()+"</ul>")
}

// product shows reviews as they were sent: CWE-79.
func (s *Shop) product(w http.ResponseWriter, r *http.Request) {
	var name, description string
	row := s.db.QueryRowContext(r.Context(), "select name, description from products where hidden = 0 and id = ?", r.PathValue("id"))
	if err := row.Scan(&name, &description); err != nil {
		http.NotFound(w, r)
		return
	}
	rows, err := s.db.QueryContext(r.Context(), "select author, text from reviews where product = ?", r.PathValue("id"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	var out strings.Builder
	fmt.Fprintf(&out, "<p>%s</p><h2>Reviews</h2>", html.EscapeString(description))
	for rows.Next() {
		var author, text string
		if err := rows.Scan(&author, &text); err != nil {
			break
		}
		fmt.Fprintf(&out, "<p><b>%s</b>: %s", author, text)
	}
	page(w, html.EscapeString(name), out.String())
}

// review stores a review; the query is sound, the hole is where it is shown.
func (s *Shop) review(w http.ResponseWriter, r *http.Request) {
	_, err := s.db.ExecContext(r.Context(), "insert into reviews (product, author, text) values (?, ?, ?)",
		r.PathValue("id"), r.FormValue("author"), r.FormValue("text"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	http.Redirect(w, r, "/products/"+r.PathValue("id"), http.StatusSeeOther)
}
