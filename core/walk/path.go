package walk

// Container nesting is kept in the path itself: an element entered is a
// separator and the key; arrays and anonymous objects add "[]".

// pushEnter appends the key of a container that opens.
func (w *Walker) pushEnter(sep byte, name []byte) {
	if w.entered >= len(w.enters) {
		w.lost++
		return
	}
	w.enters[w.entered] = int16(len(w.path))
	w.entered++
	if len(name) > 0 {
		w.push(sep, name)
	}
}

// popTo closes the container opened last.
func (w *Walker) popTo(byte) {
	if w.lost > 0 {
		w.lost--
		return
	}
	if w.entered > w.floor {
		w.entered--
		w.path = w.path[:w.enters[w.entered]]
	}
}
