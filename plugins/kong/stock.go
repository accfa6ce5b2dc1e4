package kong

import (
	"strings"

	pdk "github.com/Kong/go-pdk"
	"github.com/Kong/go-pdk/server/kong_plugin_protocol"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/gateway"
)

// Config is the plugin's configuration for the stock server of go-pdk, which
// finds the phases by its methods. What it inspects, decides and reports is the
// same; what it lacks is pipelining, the bound on bodies that come in band, and
// rescue from an inspection that hangs.
type Config struct {
	process *process
	entity  *entity
}

// Stock returns the constructor that server.StartServer wants. All
// configurations share one process-wide cache and report.
func Stock(o Options) (func() any, error) {
	p, err := newProcess(o, "kong/stock")
	if err != nil {
		return nil, err
	}
	return func() any { return &Config{process: p} }, nil
}

// UnmarshalJSON implements json.Unmarshaler, with the rules of ParseSettings.
// It never fails: Kong would repeat the start without end.
func (c *Config) UnmarshalJSON(data []byte) error {
	s, bad := ParseSettings(data)
	fault := ""
	if bad != nil {
		fault = faultConfig
		c.process.log("configuration of plugin " + pluginID(string(data)) + ": " + bad.Error())
	}
	// Never released: the stock server does not say when an instance ends.
	// Equal settings share one.
	e, err := c.process.policies.acquire(s, fault)
	if e == nil {
		return err
	}
	if err != nil {
		c.process.log("configuration of plugin " + pluginID(string(data)) + ": " + err.Error())
	}
	c.entity = e
	return nil
}

// Access is the handler of the access phase.
func (c *Config) Access(k *pdk.PDK) {
	if c.entity.Mode == gateway.Off && c.entity.rules.Load().fault == "" {
		return
	}
	x := c.process.begin(c.entity)
	defer x.close()
	c.inspect(k, &x)
	o := x.decide()
	if o.action.Refuses() {
		headers := map[string][]string{}
		for _, h := range refusalHeaders(o.refusal, c.entity.RequestIDHeader, o.id) {
			headers[h.Name] = []string{h.Value}
		}
		k.Response.Exit(o.refusal.Status, []byte(o.refusal.Body), headers)
		return
	}
	if o.sets {
		// A header that cannot be set is no reason to hold the request.
		_ = k.ServiceRequest.SetHeader(c.entity.RequestIDHeader, o.id)
		_ = k.Response.SetHeader(c.entity.RequestIDHeader, o.id)
	}
}

func (c *Config) inspect(k *pdk.PDK, x *exchange) {
	defer x.guard()
	var replies [headReplies]message
	for i, ask := range [headReplies]struct {
		method string
		args   proto.Message
	}{{pdkMethod, nil}, {pdkTarget, nil}, {pdkHeaders, &kong_plugin_protocol.Int{V: maxHeaders}}, {pdkAddress, nil}, {pdkVersion, nil}} {
		m, err := askBytes(k, ask.method, ask.args)
		if err != nil {
			x.fail(faultProtocol)
			return
		}
		replies[i] = m
	}
	x.parse(&replies, make([]core.Header, 0, 16))
	x.judgeHead()
	if !x.wantsBody() {
		return
	}
	if x.head.claimsGRPC() {
		service, err := k.Router.GetService()
		if err == nil && strings.HasPrefix(service.Protocol, "grpc") {
			x.counters.skipped.Add(1)
			return
		}
	}
	x.pause()
	m, err := askBytes(k, pdkBody, nil)
	x.resume()
	b, ok := parseBody([]byte(m), 0)
	if err != nil || !ok {
		x.fail(faultBody)
		return
	}
	if over := int64(len(b.content)) - x.entity.MaxBodyBytes; over > 0 {
		b.content, b.excess = b.content[:x.entity.MaxBodyBytes], over
	}
	x.judgeBody(&b)
}

// askBytes calls a PDK function and returns its reply undecoded: the stock
// decoder refuses a whole message for one byte that is not UTF-8, but a message
// without known fields keeps everything as it came.
func askBytes(k *pdk.PDK, method string, args proto.Message) (message, error) {
	var raw emptypb.Empty
	err := k.Request.Ask(method, args, &raw)
	return message(raw.ProtoReflect().GetUnknown()), err
}
