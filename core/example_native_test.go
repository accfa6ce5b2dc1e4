package core_test

import (
	"fmt"

	"github.com/glacis-waf/glacis/core"
)

// A request that is there as a whole.
func ExampleEngine_Inspect() {
	engine, err := core.New(core.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, uri := range []string{
		"/search?q=blue+lamp",
		"/search?q=lamp'+union+select+name,+password+from+users--",
	} {
		v := engine.Inspect(&core.Request{Method: "GET", URI: uri, Headers: []core.Header{{Name: "Host", Value: "shop.example"}}})
		fmt.Printf("%s %s %q\n", v.Action.Name(), v.Family.Name(), v.Location)
	}
	// Output:
	// pass none ""
	// block sqli "query.q"
}

// A request whose body arrives in chunks: the verdict is that of the whole.
func ExampleTransaction() {
	engine, err := core.New(core.Config{Confidence: core.ConfidenceCritical})
	if err != nil {
		fmt.Println(err)
		return
	}
	t := engine.Begin()
	defer t.Close()
	t.RequestLine("POST", "/comments")
	t.Header("Host", "shop.example")
	t.Header("Content-Type", "application/json")
	if v := t.EndHeaders(); v.Action == core.Block {
		fmt.Println("refused before the body is read")
		return
	}
	for _, chunk := range []string{`{"text": "<img src=x one`, `rror=alert(document.`, `cookie)>"}`} {
		t.Body([]byte(chunk))
	}
	v := t.End()
	fmt.Println(v.Action.Name(), v.Family.Name(), v.Location)
	fmt.Println(v.Uninspected, "bytes not inspected")
	// Output:
	// block xss body.json.text
	// 0 bytes not inspected
}

// The values of a request, as the model sees them.
func ExampleEngine_Trace() {
	engine, err := core.New(core.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range engine.Trace(&core.Request{Method: "GET", URI: "/a/b?q=PHNjcmlwdD4="}) {
		fmt.Printf("%d %s%s %q\n", s.Depth, s.Location, s.Chain, s.Value)
	}
	// Output:
	// 0 path "/a/b"
	// 0 query "q"
	// 0 query.q "PHNjcmlwdD4="
	// 1 query.q#base64 "<script>"
}
