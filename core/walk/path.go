package walk

// Container nesting is kept in the path itself: an element entered is a
// separator and its key.

// push appends a path element and returns the mark to pop to.
func (w *Walker) push(sep byte, name []byte) int {
	mark := len(w.path)
	if mark+1+len(name) <= cap(w.path) {
		if sep != 0 {
			w.path = append(w.path, sep)
		}
		w.path = append(w.path, name...)
	} else if mark < cap(w.path) {
		if sep == 0 {
			sep = '.'
		}
		w.path = append(w.path, sep)
		room := cap(w.path) - len(w.path)
		if room > len(name) {
			room = len(name)
		}
		w.path = append(w.path, name[:room]...)
	}
	return mark
}

// pushTag appends a step of the decode chain, "#base64".
func (w *Walker) pushTag(tag string) int {
	mark := len(w.path)
	if mark+len(tag) <= cap(w.path) {
		w.path = append(w.path, tag...)
	}
	return mark
}

// pushIndex appends "[i]".
func (w *Walker) pushIndex(i int) int {
	var digits [12]byte
	n := len(digits) - 1
	digits[n] = ']'
	for {
		n--
		digits[n] = byte('0' + i%10)
		i /= 10
		if i == 0 || n == 1 {
			break
		}
	}
	n--
	digits[n] = '['
	return w.push(0, digits[n:])
}

func (w *Walker) pop(mark int) { w.path = w.path[:mark] }

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

// popEnter closes the container opened last.
func (w *Walker) popEnter() {
	if w.lost > 0 {
		w.lost--
		return
	}
	if w.entered > w.floor {
		w.entered--
		w.path = w.path[:w.enters[w.entered]]
	}
}
