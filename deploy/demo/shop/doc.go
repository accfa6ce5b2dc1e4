// Package shop is a small web shop with the holes that shops have: it builds
// SQL, HTML, paths, shell commands and templates out of what visitors send.
// The holes are real (real SQLite, a real shell), so that a firewall before it
// has something to protect. Never run it anywhere but on a loopback address; it
// refuses visitors from elsewhere.
//
//	GET  /                       front page
//	GET  /search?q=              SQL injection (CWE-89), reflected XSS (CWE-79)
//	GET  /products/{id}          a product with its reviews
//	POST /products/{id}/reviews  stored XSS (CWE-79)
//	GET  /download?file=         path traversal (CWE-22)
//	GET  /admin/ping?host=       command injection (CWE-78)
//	GET  /card?text=             template injection (CWE-1336)
//	GET  /fetch?url=             server-side request forgery (CWE-918)
//	POST /api/login              SQL injection in JSON (CWE-89)
//	POST /api/orders             orders in JSON; sound
//	GET  /api/orders/{id}        sound
//	POST /upload                 pictures in multipart bodies; sound
package shop
