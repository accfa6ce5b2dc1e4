// Package quickstart runs the documents docs/quickstart-*.md: every block of
// shell commands, in order, in one bash, with the real gateways, and compares
// what the commands say with the blocks of text behind them.
//
// A document is run as it stands, with the ports that it names, because it gets
// a network namespace of its own, in which there is nothing but a loopback
// interface. That needs Linux and the right to make such a namespace.
package quickstart
