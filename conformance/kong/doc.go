// Package kong stands in for Kong Gateway in tests of its plugin servers.
//
// Conn speaks Kong's side of the protocol "ProtoBuf:1" to a plugin server over
// its unix socket, byte for byte: a Request holds raw bytes, so that everything
// a client can send can be tested, and everything the plugin asked or did is in
// the Outcome. Where Kong drops a connection, Conn does. It shares no code with
// plugins/kong, on purpose: a mistake in the plugin's framing or messages would
// be made on both sides and never be seen.
//
// MiniKong is the same loop in Lua on nginx, with real HTTP, real body files
// and a real upstream. Neither replaces a test with a real Kong, see Real.
package kong
