// Package kong is Glacis as a plugin server of Kong Gateway.
//
// Kong starts the executable (cmd/glacis), asks it for its schema (-dump) and
// then talks to it over a unix socket in Kong's protocol "ProtoBuf:1": one
// command at a time per connection, and inside the command handle_event the
// plugin calls functions of Kong's plugin development kit (PDK). The server
// here speaks that protocol itself; Config runs the same inspection under the
// stock server of github.com/Kong/go-pdk.
//
// What differs from the stock server: the calls of a request are written at
// once, strings are taken as bytes (one byte that is not UTF-8 makes the stock
// decoder return nothing at all), a panic or a hang ends one inspection and
// neither the process nor the connection, bodies are read with a bound, and
// every event is answered.
//
// Only the access phase is handled. A plugin with a response phase would make
// Kong buffer every response.
package kong
