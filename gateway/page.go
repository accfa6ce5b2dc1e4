package gateway

// ContentPolicy is the Content-Security-Policy of the page: its own style and
// nothing else. The hash is that of style, which a test checks.
const ContentPolicy = "default-src 'none'; style-src 'sha256-LRjO7wUZk9CiMEpkBgnMPElQ4Scv9TVFodFDbKG9ZD0='" +
	"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const style = "body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1em;color:#223;background:#fff}" +
	"h1{font-size:1.5em}code{overflow-wrap:anywhere}@media(prefers-color-scheme:dark){body{color:#dde;background:#181a1f}}"

// The page, cut where title, title, detail and id go. None of them has a
// character that means anything in HTML.
const (
	pageHead = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>`
	pageStyle = `</title>
<style>` + style + `</style>
</head>
<body>
<main>
<h1>`
	pageDetail = `</h1>
<p>`
	pageID = `</p>
<p>If you think this is a mistake, tell the site's operator this number: <code>`
	pageEnd = `</code></p>
</main>
</body>
</html>
`
)
