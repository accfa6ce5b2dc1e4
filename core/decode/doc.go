// Package decode undoes one encoding at a time. Which decoder is worth trying on
// a value, and in which order, is package walk's business.
//
// A transform, such as Percent or HTML, appends the decoded form of a text to a
// buffer and returns Flags that say what it noticed. Its documentation bounds the
// output. A cursor, such as JSON or Multipart, walks through a container and
// reports one Field after the other. Those for bodies see the input through a
// window that moves along (Window, Next, Consumed) and hold no more of it than
// fixed buffers. A sniffer (Looks…) guesses whether a text is of a format.
//
// Decoders are lenient, because applications are: broken escapes stay as they
// are, and where the input stops being the format the rest is reported as text,
// never dropped. All run in time linear in the input, without recursion.
package decode
