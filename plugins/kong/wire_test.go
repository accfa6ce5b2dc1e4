package kong

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"testing"

	"github.com/Kong/go-pdk/bridge"
	"github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"google.golang.org/protobuf/proto"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// TestAgreesWithProtobuf: what go-pdk's generated code writes is read, and it
// reads what is written.
func TestAgreesWithProtobuf(t *testing.T) {
	call := &kong_plugin_protocol.RpcCall{Sequence: 300, Call: &kong_plugin_protocol.RpcCall_CmdHandleEvent{
		CmdHandleEvent: &kong_plugin_protocol.CmdHandleEvent{InstanceId: 1<<31 - 1, EventName: "access"}}}
	b, err := proto.Marshal(call)
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := parseCommand(message(b)); !ok || c != (command{sequence: 300, kind: cmdEvent, instance: 1<<31 - 1, text: "access"}) {
		t.Errorf("command %+v, %v", c, ok)
	}
	s, err := bridge.WrapHeaders(map[string][]string{"a": {"1", "2"}, "host": {"x"}})
	if err != nil {
		t.Fatal(err)
	}
	if b, err = proto.Marshal(s); err != nil {
		t.Fatal(err)
	}
	got, ok := appendHeaders(nil, message(b))
	sortHeaders(got)
	if want := []core.Header{{Name: "host", Value: "x"}, {Name: "a", Value: "1"}, {Name: "a", Value: "2"}}; !ok || len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("headers %v, %v", got, ok)
	}
	var exit kong_plugin_protocol.ExitArgs
	if err := proto.Unmarshal(appendExit(nil, gateway.Refuse(gateway.ActionBlock, "", "some-id-1"), "X-Request-Id", "some-id-1"), &exit); err != nil {
		t.Fatal(err)
	}
	if h := bridge.UnwrapHeaders(exit.Headers); exit.Status != 403 || len(exit.Body) == 0 || h["X-Request-Id"][0] != "some-id-1" {
		t.Errorf("exit %v", &exit)
	}
	var ret kong_plugin_protocol.RpcReturn
	frame := appendStatus(nil, 9, "glacis", 77, 1234)
	if err := proto.Unmarshal(frame[4:], &ret); err != nil {
		t.Fatal(err)
	}
	if st := ret.GetInstanceStatus(); ret.Sequence != 9 || st.Name != "glacis" || st.InstanceId != 77 || st.StartedAt != 1234 {
		t.Errorf("status %v", &ret)
	}
}

// TestHeadersNotUnderstood: nothing that is no string is left out silently.
func TestHeadersNotUnderstood(t *testing.T) {
	for name, text := range map[string]string{
		"number":       "0a0a" + "0a0161" + "1205" + "1100000000"[:10],
		"null":         "0a07" + "0a0161" + "1202" + "0800",
		"no value":     "0a03" + "0a0161",
		"other field":  "1000",
		"cut off":      "0a30" + "0a0161",
		"list in list": "0a0d" + "0a0161" + "1208" + "3206" + "0a04" + "3202" + "0a00",
	} {
		b, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := appendHeaders(nil, message(b)); ok {
			t.Errorf("%s: taken as %v", name, got)
		}
	}
}

func TestFrames(t *testing.T) {
	r := bufio.NewReader(bytes.NewReader([]byte{3, 0, 0, 0, 'a', 'b', 'c', 0, 0, 0, 0, 5, 0, 0, 0, 'x'}))
	b, err := readFrame(r, nil, 10)
	if err != nil || string(b) != "abc" {
		t.Fatalf("%q, %v", b, err)
	}
	if b, err = readFrame(r, b, 3); err != nil || string(b) != "abc" {
		t.Fatalf("%q, %v", b, err)
	}
	if _, err = readFrame(r, nil, 10); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a frame that is cut off: %v", err)
	}
	r = bufio.NewReader(bytes.NewReader([]byte{255, 255, 255, 255}))
	if _, err = readFrame(r, nil, maxReply); !errors.Is(err, errFrameTooLong) {
		t.Errorf("a huge frame: %v", err)
	}
}

// FuzzParse: nothing that Kong could send panics, and headers that are read
// take no more memory than the bytes they came in.
func FuzzParse(f *testing.F) {
	f.Add([]byte("\x0a\x30\x0a\x06cookie\x12\x26"))
	f.Add([]byte("\x08\x03\xa2\x02\x0a\x12\x06access\x08\x15"))
	f.Add([]byte("\x0a\x00"))
	f.Add([]byte("\x12\x04/tmp"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m := message(b)
		parseCommand(m)
		m.text()
		m.double()
		headers, _ := appendHeaders(nil, m)
		n := 0
		for _, h := range headers {
			n += len(h.Value)
		}
		if n > len(b) {
			t.Errorf("%d bytes of values from %d", n, len(b))
		}
		for _, missing := range []int{0, 1, 1 << 20} {
			if body, ok := parseBody(b, missing); ok && len(body.content)+len(body.path) > len(b) {
				t.Error("more body than bytes")
			}
		}
	})
}
